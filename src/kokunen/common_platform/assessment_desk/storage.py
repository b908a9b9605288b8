"""保管する列: what the pension file stores, column by column, against what the program and the assessment declare.

A column that nobody declared may hold anything. The program does not start with one (CTL-035).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class ViewState:
    """連携ビューの状態: the edition the views were made from, and where the assessment in force wants others."""

    built_from: str
    in_force: str
    differences: tuple[str, ...]


def view_state() -> ViewState:
    """連携ビューは評価書に従っているか: compared with what provisioning would make today."""
    from kokunen.assessment.queries import policy_in_force
    from kokunen.common_platform.integration.schema import declared_views, shape_of

    in_force = policy_in_force().edition
    with connections["assessment"].cursor() as cursor:
        cursor.execute("select edition, shape from assessment.built_views")
        edition, stored = cursor.fetchone() or ("", {})
    built: dict[str, list[str]] = json.loads(stored) if isinstance(stored, str) else stored
    try:
        wanted = shape_of(declared_views())
    except NotAllowed as refusal:
        return ViewState(edition, in_force, (refusal.message,))
    differences = [f"{name} がありません" for name in wanted if name not in built]
    differences += [f"{name} は利用が宣言されていません" for name in built if name not in wanted]
    for name in wanted.keys() & built.keys():
        changed = sorted(set(wanted[name]) ^ set(built[name]))
        if changed:
            differences.append(f"{name} の列が違います: {'、'.join(changed)}")
    return ViewState(edition, in_force, tuple(sorted(differences)))


def stop_when_views_differ() -> None:
    """起動の条件: raises NotAllowed when the views do not follow the assessment in force."""
    if "assessment" not in connections.databases:
        return  # this process does not serve the assessment
    state = view_state()
    if state.differences:
        raise NotAllowed(
            f"連携のビューが、効力のある評価書（{state.in_force}）に合っていません: {'、'.join(state.differences)}",
            hint="kokunen migrate でビューを作り直すか、評価書にない利用の宣言を取り下げてから起動してください",
        )


def stop_when_undeclared() -> None:
    """起動の条件: raises NotAllowed with the names of the columns."""
    found = undeclared_columns()
    if found:
        raise NotAllowed(
            f"国民年金情報ファイルに、宣言のない列があります: {'、'.join(found)}",
            hint="評価書の記録項目として宣言するか、列を取り除いてから起動してください",
        )
