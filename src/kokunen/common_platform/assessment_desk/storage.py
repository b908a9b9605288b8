"""保管する列: what the pension file stores, column by column, against what the program and the assessment declare.

A column that nobody declared may hold anything. The program does not start with one (CTL-035).
"""

from __future__ import annotations

from functools import lru_cache

import yaml
from django.apps import apps
from django.db import connections

from kokunen.assessment.document import DATA_DIR
from kokunen.config.subsystems import ALIAS_OF_APP
from kokunen.kernel.errors import NotAllowed

_SCHEMA = "national_pension"
_FRAMEWORK = frozenset({"django_migrations", "feed_cursor", "feed_parked"})


@lru_cache(maxsize=1)
def stored_items() -> dict[str, str]:
    """別添1の項目 → table.column of the pension file."""
    found: dict[str, str] = yaml.safe_load((DATA_DIR / "stored-items.yaml").read_text(encoding="utf-8"))
    return found


def declared_columns() -> set[str]:
    """Every table.column that the models of the pension file declare."""
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        if ALIAS_OF_APP.get(model._meta.app_label) == _SCHEMA
        for field in model._meta.concrete_fields
    }


def undeclared_columns() -> list[str]:
    """Columns that stand in the database and that nobody has declared."""
    if _SCHEMA not in connections.databases:
        return []  # this process does not serve the pension file
    with connections[_SCHEMA].cursor() as cursor:
        cursor.execute(
            "select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
            "where c.relnamespace = %s::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 "
            "and not a.attisdropped order by 1, 2",
            [_SCHEMA],
        )
        stored = [f"{table}.{column}" for table, column in cursor.fetchall() if table not in _FRAMEWORK]
    declared = declared_columns()
    return [column for column in stored if column not in declared]


def stop_when_undeclared() -> None:
    """起動の条件: raises NotAllowed with the names of the columns."""
    found = undeclared_columns()
    if found:
        raise NotAllowed(
            f"国民年金情報ファイルに、宣言のない列があります: {'、'.join(found)}",
            hint="評価書の記録項目として宣言するか、列を取り除いてから起動してください",
        )
