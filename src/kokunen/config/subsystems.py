"""サブシステム一覧: the systems of the assessment, each with its schema, its database role and its Django apps.

One PostgreSQL database, one schema and one login role per subsystem (docs/decisions/0003). This list is the only place
that knows which app lives in which schema; settings, the router, provisioning and the tests about the code read it.
"""

from __future__ import annotations

from dataclasses import dataclass

MIGRATOR_ROLE = "kokunen_migrator"
SNAPSHOT_ROLE = "kokunen_snapshot"
"""Reads the published tables for バッチマスタ and nothing else; no screen holds its password."""
INTEGRATED_SCHEMA = "integrated"
LEDGER_SCHEMA = "ledger"


@dataclass(frozen=True, slots=True)
class Subsystem:
    """サブシステム: one system of the city hall.

    `alias` is the Django database alias, `schema` the PostgreSQL schema, `apps` the Django app labels whose tables
    stand in that schema, `code` the number the assessment gives it (S1 to S7; "" for what serves all of them).
    """

    alias: str
    schema: str
    ja: str
    code: str
    package: str
    apps: tuple[str, ...]
    stands_alone: bool = False  # a program of its own: no process of the city hall holds its login, and it sees no view

    @property
    def role(self) -> str:
        """The login role that the running program uses for this schema; it owns nothing."""
        return f"kokunen_{self.schema}"


SUBSYSTEMS: tuple[Subsystem, ...] = (
    Subsystem(
        "default",
        "common_platform",
        "共通基盤",
        "S3",
        "kokunen.common_platform",
        (
            "contenttypes",
            "auth",
            "axes",
            "portal",
            "codes",
            "procrastinate",
            "integration",
            "operations",
            "batch_master",
            "open_api",
            "safeguards",
        ),
    ),
    Subsystem("ledger", "ledger", "閲覧記録台帳", "", "kokunen.ledger", ("ledger",)),
    Subsystem("assessment", "assessment", "特定個人情報保護評価", "", "kokunen.assessment", ("assessment",)),
    Subsystem(
        "resident_registry",
        "resident_registry",
        "既存住民基本台帳",
        "S2",
        "kokunen.resident_registry",
        ("resident_registry",),
    ),
    Subsystem("unified_atena", "unified_atena", "団体内統合宛名", "S4", "kokunen.unified_atena", ("unified_atena",)),
    Subsystem(
        "nonresident_registry",
        "nonresident_registry",
        "住登外管理",
        "S5",
        "kokunen.nonresident_registry",
        ("nonresident_registry",),
    ),
    Subsystem("resident_tax", "resident_tax", "個人住民税", "S6", "kokunen.resident_tax", ("resident_tax",)),
    Subsystem(
        "national_pension", "national_pension", "国民年金", "S1", "kokunen.national_pension", ("national_pension",)
    ),
    Subsystem(
        "pension_records",
        "pension_records",
        "社会保険オンライン",
        "S7",
        "kokunen.pension_records",
        ("pension_records",),
        stands_alone=True,
    ),
)

BY_ALIAS: dict[str, Subsystem] = {subsystem.alias: subsystem for subsystem in SUBSYSTEMS}
BY_SCHEMA: dict[str, Subsystem] = {subsystem.schema: subsystem for subsystem in SUBSYSTEMS}
ALIAS_OF_APP: dict[str, str] = {app: subsystem.alias for subsystem in SUBSYSTEMS for app in subsystem.apps}
