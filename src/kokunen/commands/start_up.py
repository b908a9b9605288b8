"""開庁の準備: what must stand before the processes of a city start.

Tables, roles and views (``kokunen.config.provision``), in a new demo city its people, and the demo staff. When neither
the program nor the database has changed since the last start, nothing of it is done again: a second start is quick.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from kokunen.common_platform.operations.embedded_postgres import Cluster
from kokunen.common_platform.operations.supervisor import Supervisor
from kokunen.config import environment

from .console import say

_PACKAGE = Path(__file__).resolve().parent.parent
_SHAPING = {".py", ".sql", ".yaml", ".csv"}


def accounts_file() -> Path:
    """Where the sign-ins of a demo city are kept for the printing at each start."""
    return environment.data_dir() / "run" / "accounts.json"


def prepare(supervisor: Supervisor, cluster: Cluster | None) -> None:
    """Run the steps that are due. Raises StepFailed when one fails, Stopped when the operator does not wait for it."""
    if cluster is None:
        return  # a server of the operator's: provisioned by `kokunen migrate` with the administrator's login
    # The stamp lies in the cluster, so that it is lost together with it.
    stamp, fingerprint = cluster.data_dir / "kokunen.provisioned", _fingerprint()
    if _is_broken_off():
        say("前回の市の読み込みが途中で切れているため、データベースをつくり直します")
        _drop_database()
        stamp.unlink(missing_ok=True)
    if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
        return
    say("データベースを用意しています")
    supervisor.run_step(["-m", "kokunen.config.provision"])
    if environment.is_demo():
        _load_city(supervisor)
        supervisor.run_step(["-m", "kokunen.commands.prepare_demo", str(accounts_file())])
        supervisor.run_step(["-m", "kokunen.pension_records.prepare"])
    else:
        accounts_file().unlink(missing_ok=True)
    stamp.write_text(fingerprint, encoding="ascii")


def _load_city(supervisor: Supervisor) -> None:
    """Make the people of a new demo city. A file stands while it is under way, another one when it is done."""
    loaded, loading = _marks()
    if loaded.exists():
        return
    wanted = {"residents": environment.city_size(), "seed": environment.city_seed()}
    say(f"デモの市をつくっています（住民 {wanted['residents']:,} 人）")
    loading.touch()
    arguments = ["--residents", str(wanted["residents"]), "--seed", str(wanted["seed"]), "--load"]
    supervisor.run_step(["-m", "kokunen.cli", "city", "generate", *arguments])
    loaded.write_text(json.dumps(wanted) + "\n", encoding="ascii")
    loading.unlink()


def _is_broken_off() -> bool:
    loaded, loading = _marks()
    return loading.exists() and not loaded.exists()


def _marks() -> tuple[Path, Path]:
    data = environment.data_dir()
    return data / "city.json", data / "city.loading"


def _drop_database() -> None:
    from psycopg import sql

    from kokunen.config import provision

    with provision.admin_connection("postgres") as admin:
        name = sql.Identifier(environment.database_address().name)
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(name))


def _fingerprint() -> str:
    """Fingerprint of the program and of the settings that shape a database."""
    digest = hashlib.sha256(f"{environment.mode()} {os.environ.get('KOKUNEN_DATABASE_NAME', '')}".encode())
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in _SHAPING:
            digest.update(str(path.relative_to(_PACKAGE)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
