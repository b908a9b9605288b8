"""一覧の照会: work list, unfinished board, reports, results; counts for the home page.

Lists page by key (the last row seen), so page 1,000 costs what page 1 costs. Counts name nobody and need no entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections
from django.db.models import Count, F, Min, Q, QuerySet

from kokunen.common_platform.codes.offices import get_office
from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act
from kokunen.national_pension import parameters, resident_view
from kokunen.national_pension.choices import (
    OPEN_NOTICE_STATES,
    OPEN_WORK_STATES,
    NoticeState,
    ReportState,
    WorkKind,
    WorkState,
)
from kokunen.national_pension.models import (
    CorrectionProposal,
    Receipt,
    ReportBatch,
    ReportResult,
    ReportResultLine,
    WorkItem,
)
from kokunen.national_pension.queries.common import USING, looked_at, looking
from kokunen.national_pension.resident_view import Resident

PAGE = 50
SORTS = {"due": "due_on", "created": "created_at", "event": "event_on", "kind": "kind"}


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """絞り込み: kind "" = all; `done` shows what is finished; `overdue` what is past its day; `month` of the effect."""

    kind: str = ""
    state: str = ""
    done: bool = False
    overdue: bool = False
    office: str = ""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """一覧の行: the item, the person as the register has him now, and how long it has waited."""

    item: WorkItem
    resident: Resident | None
    age_days: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """1ページ: rows, the key of the next page ("" at the end), and the count of all rows of the filter."""

    rows: tuple[Any, ...]
    next_key: str
    total: int


def work_list(*, context: AccessContext, chosen: WorkFilter | None = None, sort: str = "due", after: str = "") -> Page:
    """要処理事項の一覧: `sort` one of SORTS, with "-" in front for descending; `after` the key of the last row seen.

    Of rows that are alike in what is sorted by, the one that came last stands first: what has just arrived is seen
    above the suspicions of the night that have the same limit.
    """
    today = clock.today()
    rows = _filtered(chosen or WorkFilter(), today)
    total = rows.count()
    items, next_key = _keyset(rows, sort, after)
    residents = resident_view.by_numbers({item.atena_number for item in items})
    with looked_at(context, "要処理事項の一覧", [item.atena_number for item in items], act=Act.SEARCH):
        return Page(
            tuple(
                WorkRow(
                    item,
                    residents.get(item.atena_number),
                    (today - item.created_at.astimezone(clock.OFFICE_ZONE).date()).days,
                    item.is_open and item.due_on < today,
                )
                for item in items
            ),
            next_key,
            total,
        )


def _filtered(chosen: WorkFilter, today: date) -> QuerySet[WorkItem]:
    rows = WorkItem.objects.all()
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    elif chosen.done:
        rows = rows.exclude(state__in=OPEN_WORK_STATES)
    else:
        rows = rows.filter(state__in=OPEN_WORK_STATES)
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if chosen.overdue:
        rows = rows.filter(due_on__lt=today)
    if chosen.office:
        rows = rows.filter(office_code=chosen.office)
    return rows


def _keyset(rows: QuerySet[WorkItem], sort: str, after: str) -> tuple[list[WorkItem], str]:
    descending = sort.startswith("-")
    name = SORTS.get(sort.removeprefix("-"), "due_on")
    if after:
        value, _, last = after.rpartition("|")
        compare = "lt" if descending else "gt"
        if value and last.isdigit():
            rows = rows.filter(Q(**{f"{name}__{compare}": value}) | Q(**{name: value, "id__lt": int(last)}))
    order = (F(name).desc() if descending else F(name).asc(), F("id").desc())
    items = list(rows.filter(**{f"{name}__isnull": False}).order_by(*order)[: PAGE + 1])
    shown = items[:PAGE]
    if len(items) <= PAGE:
        return shown, ""
    value = getattr(shown[-1], name)
    return shown, f"{value.isoformat() if hasattr(value, 'isoformat') else value}|{shown[-1].pk}"


def work_pulse() -> str:
    """一覧の脈: changes whenever an item comes or goes. Names nobody; the page asks for it every second."""
    newest = WorkItem.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return f"{newest}-{WorkItem.objects.filter(state__in=OPEN_WORK_STATES).count()}"


# --- unfinished board ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """絞り込み: "" = all. `warning`: overdue 期限超過, soon 期限が近い, long 長期; `sort` one of BOARD_SORTS."""

    office: str = ""
    staff: str = ""
    kind: str = ""
    state: str = ""
    warning: str = ""
    sort: str = "age"


BOARD_SORTS = {"age": "経過の長い順", "due": "期限の近い順", "office": "窓口の順", "kind": "届書の順"}
_BOARD_ORDER = {
    "age": ("received_on", "id"),
    "due": ("sending_due_on", "id"),
    "office": ("office_code", "received_by", "received_on", "id"),
    "kind": ("kind", "received_on", "id"),
}


@dataclass(frozen=True, slots=True)
class BoardCard:
    """札: a receipt that has not come to its end; `limit_on` is the day by which something must happen next."""

    notice: Receipt
    resident: Resident | None
    age_days: int
    limit_on: date | None
    overdue: bool
    soon: bool
    held: bool

    @property
    def warning(self) -> str:
        """警告 in words, "" for none."""
        return "期限超過" if self.overdue else "期限間近" if self.soon else ""

    @property
    def office_name(self) -> str:
        """受付した窓口の名称."""
        return office_name_of(self.notice.office_code)


def office_name_of(code: str) -> str:
    """窓口の名称, or its code when it is no office of the list."""
    try:
        return get_office(code).name
    except KeyError:
        return code


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """列: a state with its cards in the chosen order, and how many there are in all."""

    state: NoticeState
    cards: tuple[BoardCard, ...]
    total: int


@dataclass(frozen=True, slots=True)
class BoardGroup:
    """集計: open receipts of an office and officer, and how many of them are late."""

    office_code: str
    staff: str
    total: int
    overdue: int
    oldest: int


BOARD_LIMIT = 60


def board(*, context: AccessContext, chosen: BoardFilter | None = None, limit: int = BOARD_LIMIT) -> list[BoardColumn]:
    """未完了の受付: every receipt without its end, by state, with its age in days and its next limit."""
    today = clock.today()
    wanted = chosen or BoardFilter()
    rows = _board_rows(wanted, today)
    order = _BOARD_ORDER.get(wanted.sort, _BOARD_ORDER["age"])
    waits, ahead = (parameters.days(name, today) for name in ("ageing_warning_days", "limit_warning_days"))
    with looking() as note:
        totals = dict(rows.values_list("state").annotate(n=Count("id")))
        shown = {
            state: list(rows.filter(state=state).prefetch_related("papers").order_by(*order)[:limit])
            for state in OPEN_NOTICE_STATES
            if totals.get(state)
        }
        numbers = {notice.atena_number for notices in shown.values() for notice in notices}
        note(context, "未完了の受付", sorted(numbers), act=Act.SEARCH)
        residents = resident_view.by_numbers(numbers)
        return [
            BoardColumn(
                state,
                tuple(
                    _card(notice, residents.get(notice.atena_number), today, waits, ahead)
                    for notice in shown.get(state, ())
                ),
                totals.get(state, 0),
            )
            for state in OPEN_NOTICE_STATES
        ]


def _card(notice: Receipt, resident: Resident | None, today: date, waits: int, ahead: int) -> BoardCard:
    limit = notice.papers_due_on
    if notice.sent_on is None or notice.state == NoticeState.RETURNED:
        limit = min(limit, notice.sending_due_on) if limit else notice.sending_due_on
    age = (today - notice.received_on).days
    overdue = limit is not None and limit < today
    soon = limit is not None and not overdue and (limit - today).days <= ahead
    return BoardCard(notice, resident, age, limit, overdue, soon, age >= waits)


_UNSENT = Q(sent_on__isnull=True) | Q(state=NoticeState.RETURNED)


def _overdue(today: date) -> Q:
    """期限超過, as the cards, the filter and the counts mean it."""
    return (_UNSENT & Q(sending_due_on__lt=today)) | Q(papers_due_on__lt=today)


def _board_rows(wanted: BoardFilter, today: date) -> QuerySet[Receipt]:
    rows = Receipt.objects.filter(state__in=OPEN_NOTICE_STATES)
    for name, value in (
        ("office_code", wanted.office),
        ("kind", wanted.kind),
        ("received_by", wanted.staff),
        ("state", wanted.state),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if wanted.warning == "overdue":
        rows = rows.filter(_overdue(today))
    elif wanted.warning == "soon":
        last = today + timedelta(days=parameters.days("limit_warning_days", today))
        near = (_UNSENT & Q(sending_due_on__range=(today, last))) | Q(papers_due_on__range=(today, last))
        rows = rows.filter(near)
    elif wanted.warning == "long":
        rows = rows.filter(received_on__lte=today - timedelta(days=parameters.days("ageing_warning_days", today)))
    return rows


def board_groups(chosen: BoardFilter | None = None) -> list[BoardGroup]:
    """未完了の集計 by office and officer (counts; names nobody but the staff)."""
    today = clock.today()
    rows = (
        _board_rows(chosen or BoardFilter(), today)
        .values("office_code", "received_by")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=_overdue(today)),
            first=Min("received_on"),
        )
        .order_by("office_code", "received_by")
    )
    return [
        BoardGroup(row["office_code"], row["received_by"], row["n"], row["late"], (today - row["first"]).days)
        for row in rows
    ]


def board_trend(days: int = 28) -> list[tuple[date, int]]:
    """未完了の推移: receipts open at the end of each of the last days (names nobody), by one statement."""
    today = clock.today()
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "select d.day::date, (select count(*) from national_pension.receipt r where r.received_on <= d.day "
            "and (r.closed_on is null or r.closed_on > d.day)) "
            "from generate_series(%s::date, %s::date, interval '1 day') as d(day) order by 1",
            [today - timedelta(days=days - 1), today],
        )
        return [(day, count) for day, count in cursor.fetchall()]


# --- reports ----------------------------------------------------------------------------------------------------------


def batches(limit: int = 30) -> list[ReportBatch]:
    """報告の一覧: newest first (counts and hashes; no person)."""
    return list(ReportBatch.objects.prefetch_related("issues", "results").order_by("-built_at")[:limit])


def batch_lines(batch: ReportBatch, *, context: AccessContext) -> list[Any]:
    """報告の明細: the lines of a batch with the answers that came."""
    lines = list(batch.lines.select_related("notice").prefetch_related("results").order_by("line_number"))
    with looked_at(context, "報告の明細", [line.notice.atena_number for line in lines]):
        return lines


def unsettled_results(*, context: AccessContext) -> list[ReportResultLine]:
    """一致しない処理結果: what an officer must look at."""
    lines = list(
        ReportResultLine.objects.filter(settled_at__isnull=True)
        .select_related("result", "line__notice")
        .order_by("id")[:200]
    )
    concerned = [line.line.notice.atena_number for line in lines if line.line]
    with looked_at(context, "一致しない処理結果", concerned):
        return lines


def waiting_corrections(*, context: AccessContext) -> list[CorrectionProposal]:
    """承認待ちの訂正."""
    rows = list(
        CorrectionProposal.objects.filter(state=CorrectionProposal.State.PROPOSED)
        .select_related("period")
        .order_by("proposed_at")[:200]
    )
    with looked_at(context, "承認待ちの訂正", [row.atena_number for row in rows]):
        return rows


# --- home -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """業務メニューの数字."""

    from_registry: int
    returned: int
    to_check: int
    due_today: int
    overdue: int
    waiting_long: int
    to_send: int
    built: int
    waiting_result: int
    reached_20: int
    unenrolled: int
    corrections: int
    unsettled: int


def home_figures() -> HomeFigures:
    """業務メニューの数字: counts only."""
    today = clock.today()
    open_items = WorkItem.objects.filter(state__in=OPEN_WORK_STATES)
    kinds: dict[str, int] = dict(open_items.values_list("kind").annotate(n=Count("id")))
    from_jobs = {
        WorkKind.REACHED_20,
        WorkKind.REACHED_60,
        WorkKind.REACHED_65,
        WorkKind.REACHED_480,
        WorkKind.UNENROLLED,
    }
    notices = Receipt.objects.filter(state__in=OPEN_NOTICE_STATES)
    unsent = notices.filter(sent_on__isnull=True)
    long_ago = today - timedelta(days=parameters.days("ageing_warning_days", today))
    return HomeFigures(
        from_registry=sum(count for kind, count in kinds.items() if kind not in from_jobs),
        returned=notices.filter(state=NoticeState.RETURNED).count(),
        to_check=notices.filter(state=NoticeState.EXAMINED).count(),
        due_today=unsent.filter(sending_due_on=today).count(),
        overdue=unsent.filter(sending_due_on__lt=today).count(),
        waiting_long=notices.filter(received_on__lte=long_ago).count(),
        to_send=notices.filter(state=NoticeState.TO_SEND).count(),
        built=ReportBatch.objects.filter(state=ReportState.BUILT).count(),
        waiting_result=notices.filter(state=NoticeState.SENT).count(),
        reached_20=kinds.get(WorkKind.REACHED_20, 0),
        unenrolled=kinds.get(WorkKind.UNENROLLED, 0),
        corrections=CorrectionProposal.objects.filter(state=CorrectionProposal.State.PROPOSED).count(),
        unsettled=ReportResultLine.objects.filter(settled_at__isnull=True).count(),
    )


def work_kinds(chosen: Sequence[WorkState] = OPEN_WORK_STATES) -> dict[str, int]:
    """種類別の件数 (names nobody)."""
    return dict(WorkItem.objects.filter(state__in=chosen).values_list("kind").annotate(n=Count("id")))


def returned_notices(*, context: AccessContext) -> list[BoardCard]:
    """返戻の受付: what the Service sent back and nobody has answered yet."""
    columns = board(context=context)
    return [card for column in columns if column.state == NoticeState.RETURNED for card in column.cards]


def recent_results(limit: int = 20) -> list[ReportResult]:
    """最近の結果 (counts and numbers; no person)."""
    return list(
        ReportResult.objects.select_related("batch")
        .annotate(
            accepted=Count("lines", filter=Q(lines__verdict="accepted")),
            returned=Count("lines", filter=Q(lines__verdict="returned")),
        )
        .order_by("-taken_at")[:limit]
    )
