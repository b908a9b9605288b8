"""控えと復元: what the copy holds comes back to the row; a damaged copy changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.function("S3-5")


def _server(name: str) -> Any:
    from kokunen.common_platform.operations.backups import Server
    from kokunen.config import environment, keys

    address = environment.database_address()
    return Server(address.host, address.port, address.admin_user, keys.admin_password(), name)


def _labels() -> list[str]:
    from kokunen.common_platform.operations.models import Sample

    return list(Sample.objects.order_by("id").values_list("label", flat=True))


def _keep(label: str) -> None:
    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.operations.models import Sample

    Sample.objects.create(name="x", label=label, at=clock.now(), value=1)


def _disconnect() -> None:
    from django.db import connections

    for connection in connections.all():
        connection.close()


def test_控えの時の市に戻り_壊れた控えでは何も変わらない(city_database: str, tmp_path: Path) -> None:
    from kokunen.common_platform.operations import backups
    from kokunen.config.provision import role_statements
    from kokunen.kernel.errors import Conflict, InputError

    data, copy = tmp_path / "var", tmp_path / "copy"
    (data / "outbox").mkdir(parents=True)
    (data / "outbox" / "media.bin").write_bytes(b"1")
    (data / "keys").mkdir()
    (data / "keys" / "x").write_text("secret")
    _keep("控えの前")
    manifest = backups.make(_server(city_database), data, copy)
    assert manifest["rows"]["common_platform.sample"] == 1
    with pytest.raises(Conflict):
        backups.make(_server(city_database), data, copy)

    _keep("控えの後")
    (data / "outbox" / "media.bin").write_bytes(b"2")
    _disconnect()
    told = backups.restore(_server(city_database), data, copy, role_statements())
    assert told["rows"] == sum(manifest["rows"].values())
    assert _labels() == ["控えの前"]
    assert (data / "outbox" / "media.bin").read_bytes() == b"1"

    _keep("復元の後")
    with (copy / "database.dump").open("r+b") as file:
        file.seek(200)
        file.write(b"garbage")
    _disconnect()
    with pytest.raises(InputError, match="ハッシュ"):
        backups.restore(_server(city_database), data, copy, role_statements())
    assert _labels() == ["控えの前", "復元の後"]
    with pytest.raises(InputError):
        backups.read_manifest(tmp_path)


def test_行数の合わない復元は置き換えない(city_database: str, tmp_path: Path) -> None:
    import json

    from kokunen.common_platform.operations import backups
    from kokunen.config.provision import role_statements

    copy = tmp_path / "copy"
    _keep("今")
    backups.make(_server(city_database), tmp_path / "var", copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["rows"]["common_platform.sample"] = 5
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(backups.CopyFailed, match=r"common_platform\.sample"):
        backups.restore(_server(city_database), tmp_path / "var", copy, role_statements())
    assert _labels() == ["今"]
