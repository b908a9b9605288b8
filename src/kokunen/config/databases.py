"""データベース接続の設定: one alias per subsystem on one database (docs/decisions/0003)."""

from __future__ import annotations

import os
from typing import Any

from kokunen.config import environment, keys
from kokunen.config.subsystems import BY_ALIAS, MIGRATOR_ROLE

# KOKUNEN_DB_AS=migrator is set by `kokunen migrate` alone: the running program never holds the migrator's password.
AS_MIGRATOR = os.environ.get("KOKUNEN_DB_AS") == "migrator"
_POOLED = os.environ.get("KOKUNEN_DB_POOL", "0") == "1"


def database(alias: str) -> dict[str, Any]:
    """Django's settings of one alias: the subsystem's own login and search path."""
    subsystem, address = BY_ALIAS[alias], environment.database_address()
    role = MIGRATOR_ROLE if AS_MIGRATOR else subsystem.role
    options: dict[str, Any] = {
        "options": f"-c search_path={subsystem.schema},public -c timezone=Asia/Tokyo",
        "application_name": f"kokunen {subsystem.schema}",
    }
    if _POOLED and not AS_MIGRATOR:
        options["pool"] = {"min_size": 0, "max_size": 4, "timeout": 15}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "HOST": address.host,
        "PORT": str(address.port),
        "USER": role,
        "PASSWORD": keys.role_password(role),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": not _POOLED,
        "CONN_MAX_AGE": 0 if _POOLED else 60,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
