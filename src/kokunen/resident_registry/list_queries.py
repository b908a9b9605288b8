"""一覧: people whom somebody has to look at (SPEC 8), each list paged by key and fast at city size.

| list | who |
|---|---|
| 転入通知未着者 | moved out within the country, the day is past, the new city has sent no 転入通知 (住基法9条1項) |
| 支援措置の期間 | the year of a measure ends within a month or has ended; nothing ends by itself (SPEC 3.4) |
| 在留期間の満了 | 満了の日 passed or within 30 days |
| 世帯主未設定 | a household without a head (SPEC 1.1.10) |
| 名未定 | a newborn without a name |
| 住民票コード未記載 | nobody drew a code yet |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from kokunen.common_platform.operations import clock
from kokunen.law.parameters import value_on
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import ProvisionalState, ResidentStatus
from kokunen.resident_registry.models import ALIAS, ProvisionalEntry, ResidentVersion, SupportMeasure
from kokunen.resident_registry.models.resident import CURRENT, LIVING
from kokunen.resident_registry.perms import Sight
from kokunen.resident_registry.queries import PersonView, view_of

PAGE = 50
_DEPARTED = ("201", "202", "204")


class ListKind(StrEnum):
    """一覧の種類."""

    NO_ARRIVAL = "no-arrival"
    SUPPORT_ENDING = "support-ending"
    STAY_ENDING = "stay-ending"
    NO_HEAD = "no-head"
    UNNAMED = "unnamed"
    NO_CODE = "no-code"

    @property
    def label(self) -> str:
        """名称."""
        return _SPECS[self].label

    @property
    def day_label(self) -> str:
        """日の欄の名称, "" when the list has none."""
        return _SPECS[self].day_label

    @property
    def help(self) -> str:
        """何の一覧か, in words."""
        return _SPECS[self].help


@dataclass(frozen=True, slots=True)
class _Spec:
    label: str
    day_label: str
    help: str
    day: str
    where: Callable[[date, dict[str, int]], Q]


@dataclass(frozen=True, slots=True)
class Line:
    """一覧の行: a person and the day that matters (None when the list has none)."""

    view: PersonView
    day: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """1ページ: lines in the order of the day, the key of the next page, how many in all."""

    kind: ListKind
    lines: tuple[Line, ...]
    next_key: str
    total: int


_SPECS: dict[ListKind, _Spec] = {
    ListKind.NO_ARRIVAL: _Spec(
        "転入通知未着者",
        "転出した日",
        "転出の日から一定の期間が過ぎても、転入先の市区町村から転入通知が届いていない人です。転入先に照会してください。",
        "removed_on",
        lambda today, days: (
            CURRENT
            & ~Q(status=ResidentStatus.LIVING)
            & Q(
                departure_code__in=_DEPARTED,
                confirmed_departure_on__isnull=True,
                removed_on__lte=today - timedelta(days=days["arrival_notice"]),
            )
            & ~Q(destination_kind="2")
        ),
    ),
    ListKind.STAY_ENDING: _Spec(
        "在留期間の満了",
        "満了の日",
        "在留期間の満了の日が近い、または過ぎた外国人住民です。法務省通知の到着を確認してください。",
        "residence_expires_on",
        lambda today, days: LIVING & Q(residence_expires_on__lte=today + timedelta(days=days["stay_ending"])),
    ),
    ListKind.NO_HEAD: _Spec(
        "世帯主未設定",
        "",
        "世帯主がいなくなり、新しい世帯主が決まっていない世帯の人です。世帯主変更の届出を案内してください。",
        "",
        lambda today, days: LIVING & Q(head_atena_number=""),
    ),
    ListKind.UNNAMED: _Spec(
        "名未定",
        "",
        "出生の届出で名が未定の人です。追完の届出を待っています。",
        "",
        lambda today, days: LIVING & Q(name=""),
    ),
    ListKind.NO_CODE: _Spec(
        "住民票コード未記載",
        "",
        "住民票コードがまだ記載されていない人です。住基ネットの空きコードを確認してください。",
        "",
        lambda today, days: LIVING & Q(resident_code=""),
    ),
    ListKind.SUPPORT_ENDING: _Spec(
        "支援措置の期間",
        "終了日",
        "支援措置の期間が1か月以内に終わる、または過ぎた人です。期間が過ぎても、解除するまで支援措置は続きます。",
        "",
        lambda today, days: LIVING,
    ),
}


def find_list(*, context: AccessContext, kind: ListKind, sight: Sight, after: str = "") -> Listing:
    """一覧を照会する: `after` is the key of the last line seen (day and 宛名番号)."""
    today = clock.today()
    days: dict[str, int] = value_on("certificates/registry_lists", today)
    with transaction.atomic(using=ALIAS):
        if kind == ListKind.SUPPORT_ENDING:
            found, total = _ending_support(today + timedelta(days=days["support_ending"]), after)
        else:
            found, total = _people(_SPECS[kind], today, days, after)
        views = {view.row.atena_number: view for view in view_of((row for row, _ in found), sight)}
        record(
            ALIAS,
            context,
            act=Act.SEARCH,
            dataset=f"{kind.label}一覧",
            atena_numbers=[row.atena_number for row, _ in found[:PAGE]],
            items=["氏名", "生年月日", "住所"],
            detail={"list": str(kind)},
        )
    lines = tuple(
        Line(views[row.atena_number], day, day is not None and kind != ListKind.NO_ARRIVAL and day < today)
        for row, day in found[:PAGE]
    )
    more = len(found) > PAGE
    last = found[PAGE - 1] if more else None
    key = f"{last[1].isoformat() if last[1] else ''}|{last[0].atena_number}" if last else ""
    return Listing(kind, lines, key, total)


def _people(
    spec: _Spec, today: date, days: dict[str, int], after: str
) -> tuple[list[tuple[ResidentVersion, date | None]], int]:
    rows: QuerySet[ResidentVersion] = ResidentVersion.objects.filter(spec.where(today, days))
    total = rows.count()
    day, _, number = after.partition("|")
    if number and spec.day and day:
        rows = rows.filter(Q(**{f"{spec.day}__gt": day}) | Q(**{spec.day: day, "atena_number__gt": number}))
    elif number:
        rows = rows.filter(atena_number__gt=number)
    order = [spec.day, "atena_number"] if spec.day else ["atena_number"]
    return [(row, getattr(row, spec.day) if spec.day else None) for row in rows.order_by(*order)[: PAGE + 1]], total


def _ending_support(until: date, after: str) -> tuple[list[tuple[ResidentVersion, date | None]], int]:
    measures = SupportMeasure.objects.current().filter(valid_period__endswith__isnull=True, ends_on__lte=until)
    total = measures.count()
    day, _, number = after.partition("|")
    if day and number:
        measures = measures.filter(Q(ends_on__gt=day) | Q(ends_on=day, atena_number__gt=number))
    chosen = list(measures.order_by("ends_on", "atena_number").values_list("atena_number", "ends_on")[: PAGE + 1])
    rows = {
        row.atena_number: row
        for row in ResidentVersion.objects.filter(CURRENT, atena_number__in=[number for number, _ in chosen])
    }
    return [(rows[number], day) for number, day in chosen if number in rows], total


# --- 仮登録 -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """決裁待ちの仮登録: the entry and the person on the desk (None for someone who is not in the register yet)."""

    entry: ProvisionalEntry
    view: PersonView | None
    mine: bool


def find_waiting(*, context: AccessContext, sight: Sight, limit: int = 200) -> list[Waiting]:
    """決裁待ちの一覧, the oldest first."""
    with transaction.atomic(using=ALIAS):
        entries = list(
            ProvisionalEntry.objects.filter(state=ProvisionalState.WAITING).order_by("entered_at", "pk")[:limit]
        )
        numbers = [entry.atena_number for entry in entries if entry.atena_number]
        rows = ResidentVersion.objects.filter(CURRENT, atena_number__in=numbers)
        views = {view.row.atena_number: view for view in view_of(rows, sight)}
        record(
            ALIAS, context, act=Act.SEARCH, dataset="仮登録の一覧", atena_numbers=sorted(views), items=["氏名", "届出"]
        )
    return [
        Waiting(entry, views.get(entry.atena_number), entry.entered_by == context.staff_number) for entry in entries
    ]


def count_waiting() -> int:
    """決裁待ちの件数 (names nobody)."""
    return ProvisionalEntry.objects.filter(state=ProvisionalState.WAITING).count()


def count_no_arrival() -> int:
    """転入通知未着者の数 (names nobody)."""
    today = clock.today()
    where = _SPECS[ListKind.NO_ARRIVAL].where(today, value_on("certificates/registry_lists", today))
    return ResidentVersion.objects.filter(where).count()
