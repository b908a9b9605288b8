"""整合性確認の照会: the runs, and the differences of one with both sides; every look leaves its ledger entry."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import CheckState, DifferenceState
from kokunen.resident_registry.line_content import compared_items
from kokunen.resident_registry.models import ALIAS, ConsistencyCheck, ConsistencyDifference, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT

DATASET_JA = "住基ネットとの整合性確認"
PAGE = 50
_LABELS = {"name": "氏名", "name_kana": "氏名の振り仮名", "former_surname": "旧氏", "alias": "通称",
           "birth_date": "生年月日", "sex": "性別", "address": "住所"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """違い1件: the items that differ as (項目, 市の記録, 住基ネット), and the person's name as the city has it."""

    row: ConsistencyDifference
    name: str
    living: bool
    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """整合性確認1回と、その違いの1ページ."""

    check: ConsistencyCheck
    lines: tuple[DifferenceLine, ...]
    next_key: str
    open_ones: int


def find_checks(limit: int = 12) -> list[ConsistencyCheck]:
    """整合性確認の一覧 (counts only, names nobody), the latest first."""
    return list(ConsistencyCheck.objects.order_by("-pk")[:limit])


def is_under_way() -> bool:
    """確認中か: then no other can begin."""
    return ConsistencyCheck.objects.filter(state__in=(CheckState.ASKED, CheckState.SENT)).exists()


def get_check(*, context: AccessContext, check_id: int, after: str = "") -> CheckPage:
    """整合性確認1回: what is still open first."""
    with transaction.atomic(using=ALIAS):
        check = ConsistencyCheck.objects.filter(pk=check_id).first()
        if check is None:
            raise InputError("この整合性確認はありません", "check", "not_found", "一覧を開き直してください。")
        rows = check.differences.order_by("state", "pk")
        state, _, pk = after.partition("-")
        if pk.isdigit():
            rows = rows.filter(state=state, pk__gt=int(pk)) | rows.filter(state__gt=state)
        found = list(rows[: PAGE + 1])
        shown = found[:PAGE]
        numbers = [row.atena_number for row in shown if row.atena_number]
        people = {row.atena_number: row for row in ResidentVersion.objects.filter(CURRENT, atena_number__in=numbers)}
        record(ALIAS, context, act=Act.VIEW, dataset=DATASET_JA, atena_numbers=numbers, items=list(_LABELS.values()))
        open_ones = check.differences.filter(state=DifferenceState.OPEN).count()
    key = f"{shown[-1].state}-{shown[-1].pk}" if len(found) > PAGE else ""
    return CheckPage(check, tuple(_line(row, people.get(row.atena_number)) for row in shown), key, open_ones)


def _line(row: ConsistencyDifference, person: ResidentVersion | None) -> DifferenceLine:
    ours = compared_items(person) if person is not None else {}
    items = tuple(
        (label, ours.get(name, ""), str(row.theirs.get(name, "")))
        for name, label in _LABELS.items()
        if row.theirs and ours.get(name, "") != row.theirs.get(name, "")
    )
    name = person.name if person is not None else str(row.theirs.get("name", ""))
    return DifferenceLine(row, name, person is not None and person.is_living, items)
