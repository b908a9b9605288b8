"""設置場所: the data stay in Japan, and their backups in Japan in another data centre (評価書 II.6, CTL-097, CTL-098).

`KOKUNEN_SITE` names where this city runs, `KOKUNEN_BACKUP_SITE` where its backups go. In production both must be given.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import yaml

from kokunen.config import environment
from kokunen.kernel.errors import InputError, NotAllowed


@lru_cache(maxsize=1)
def sites() -> dict[str, dict[str, str]]:
    """Known sites by their name."""
    found: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("places.yaml").read_text("utf-8"))
    return found


def stop_when_abroad() -> None:
    """起動の条件: NotAllowed for a site outside Japan or unknown, and for a backup at the same place."""
    production, backup = os.environ.get("KOKUNEN_SITE", ""), os.environ.get("KOKUNEN_BACKUP_SITE", "")
    for name, value in (("KOKUNEN_SITE", production), ("KOKUNEN_BACKUP_SITE", backup)):
        if not value and not environment.is_demo():
            raise InputError(f"{name} で設置場所を指定してください", field=name, hint="国内の拠点の名を指定します。")
        if value and sites().get(value, {}).get("country") != "JP":
            raise NotAllowed(
                f"{name} の「{value}」は、国内の拠点として登録されていません",
                field=name,
                hint="評価書 II.6 は、データを国内に保管すると定めています。国内の拠点を指定してください。",
            )
    if production and backup and sites()[production]["centre"] == sites()[backup]["centre"]:
        raise NotAllowed(
            "控えの拠点が、本番と同じ場所です",
            field="KOKUNEN_BACKUP_SITE",
            hint="評価書 II.6 は、控えを本番と別のデータセンターに置くと定めています。",
        )
