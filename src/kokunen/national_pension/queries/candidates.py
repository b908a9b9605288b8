"""候補と残り: welfare notices, people of a 継続審査, letters and their answers, gaps that nothing explains, offices.

Lists page by key (the last row seen). Counts name nobody and need no entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections
from django.db.models import Count, Min, Q

from kokunen.common_platform.codes.offices import using_offices
from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act
from kokunen.national_pension import resident_view
from kokunen.national_pension.choices import (
    GAP_EXPLAINING_LOSS_REASONS,
    LOSS_REASONS,
    OPEN_NOTICE_STATES,
    SHORT_TYPE_LABELS,
    InquiryState,
    NoticeState,
)
from kokunen.national_pension.exemption_choices import STATUTORY, Aid, AidEvent
from kokunen.national_pension.models import (
    ContinuationCase,
    ContinuationRun,
    ExemptionPeriod,
    InquirySlip,
    OutreachLetter,
    QualificationPeriod,
    Receipt,
    WelfareNotice,
)
from kokunen.national_pension.queries.common import BASIC, USING, looking
from kokunen.national_pension.resident_view import Resident

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """1ページ: rows and the key of the next page ("" at the end)."""

    rows: tuple[Any, ...]
    next_key: str


# --- 生活保護の通知 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """法定免除の候補: a notice of the welfare sections, what is right for it, and the form that begins it ("" none)."""

    notice: WelfareNotice
    resident: Resident | None
    words: str
    form: str
    situation: str
    tone: str


def welfare_candidates(*, context: AccessContext, after: str = "") -> Page:
    """法定免除の候補: notices that nobody has answered, oldest event first."""
    rows = WelfareNotice.objects.filter(settled_at__isnull=True)
    day, _, last = after.partition("|")
    if last.isdigit():
        rows = rows.filter(Q(event_on__gt=day) | Q(event_on=day, id__gt=int(last)))
    with looking() as note:
        notices = list(rows.order_by("event_on", "id")[: PAGE + 1])
        shown = notices[:PAGE]
        numbers = sorted({one.atena_number for one in shown})
        note(context, "法定免除の候補", numbers, items=(BASIC, "R2 資格情報", "R5 免除該当情報"), act=Act.SEARCH)
        residents = resident_view.by_numbers(numbers)
        types = dict(
            QualificationPeriod.objects.current()
            .filter(atena_number__in=numbers, valid_period__endswith__isnull=True)
            .values_list("atena_number", "insured_type")
        )
        open_ones = set(
            ExemptionPeriod.objects.current()
            .filter(atena_number__in=numbers, kind__in=[str(kind) for kind in STATUTORY])
            .filter(valid_period__endswith__isnull=True)
            .values_list("atena_number", flat=True)
        )
        next_key = f"{shown[-1].event_on.isoformat()}|{shown[-1].pk}" if len(notices) > PAGE else ""
        return Page(
            tuple(
                _candidate(
                    one, residents.get(one.atena_number), types.get(one.atena_number, ""), one.atena_number in open_ones
                )
                for one in shown
            ),
            next_key,
        )


def _candidate(notice: WelfareNotice, resident: Resident | None, insured_type: str, is_open: bool) -> Candidate:
    def told(words: str, form: str = "", situation: str = "", tone: str = "info") -> Candidate:
        return Candidate(notice, resident, words, form, situation, tone)

    if resident is None or not resident.is_living_here:
        return told("住民ではなくなっています。転出先の市区町村が受け付けます", tone="warn")
    if notice.event == AidEvent.END:
        if notice.aid == Aid.LIVELIHOOD and is_open:
            return told("法定免除の消滅届を受け付けます（廃止の月まで免除）", "F14", "end", "bad")
        return told("終わらせる法定免除の記録がありません")
    if insured_type != "1":
        held = SHORT_TYPE_LABELS[insured_type] if insured_type else "資格なし"
        return told(f"現在は{held}です。第1号になったときに届出が要ります", tone="warn")
    if notice.aid == Aid.OTHER:
        return told("生活扶助以外の扶助です。申請免除（特例）を案内します", "F12", "assistance")
    if resident.is_foreign:
        # 生活保護に準じた保護 is no ground of 法定免除 (平成24年10月26日 年管管発1026第2号)
        return told("外国人の方への保護は法定免除になりません。申請免除を案内します", "F12", "assistance", "warn")
    if is_open:
        return told("法定免除にすでに該当しています")
    return told("法定免除の該当届を受け付けます（開始の前月から免除）", "F14", "begin", "bad")


# --- 継続審査 ---------------------------------------------------------------------------------------------------------


def continuation_runs() -> list[ContinuationRun]:
    """継続審査の一覧, latest year first (counts only)."""
    return list(ContinuationRun.objects.order_by("-cycle_year")[:10])


def find_run(run_id: int) -> ContinuationRun | None:
    """継続審査1回."""
    return ContinuationRun.objects.filter(pk=run_id).first()


def continuation_cases(
    run: ContinuationRun, *, context: AccessContext, outlook: str = "", waiting: bool = False, after: str = ""
) -> Page:
    """対象者の一覧 in order of 宛名番号: (case, resident)."""
    rows = ContinuationCase.objects.filter(run=run, atena_number__gt=after)
    if outlook:
        rows = rows.filter(outlook=outlook)
    if waiting:
        rows = rows.filter(result="7")
    with looking() as note:
        cases = list(rows.order_by("atena_number")[: PAGE + 1])
        shown = cases[:PAGE]
        numbers = [one.atena_number for one in shown]
        note(context, "継続審査の対象者", numbers, items=(BASIC, "R5 免除情報", "R10 所得情報"), act=Act.SEARCH)
        residents = resident_view.by_numbers(numbers)
        return Page(
            tuple((one, residents.get(one.atena_number)) for one in shown),
            shown[-1].atena_number if len(cases) > PAGE else "",
        )


# --- 勧奨状 -----------------------------------------------------------------------------------------------------------


def outreach_letters(*, context: AccessContext, cycle_year: int, result: str = "", after: str = "") -> Page:
    """勧奨状と結果: (letter, resident) in order of 宛名番号."""
    rows = OutreachLetter.objects.filter(cycle_year=cycle_year, atena_number__gt=after)
    if result:
        rows = rows.filter(result=result)
    with looking() as note:
        letters = list(rows.order_by("atena_number")[: PAGE + 1])
        shown = letters[:PAGE]
        numbers = [one.atena_number for one in shown]
        note(context, "勧奨状の結果", numbers, items=(BASIC,), act=Act.SEARCH)
        residents = resident_view.by_numbers(numbers)
        return Page(
            tuple((one, residents.get(one.atena_number)) for one in shown),
            shown[-1].atena_number if len(letters) > PAGE else "",
        )


def outreach_counts(cycle_year: int) -> dict[str, int]:
    """結果ごとの件数 (names nobody)."""
    rows = OutreachLetter.objects.filter(cycle_year=cycle_year).values("result").annotate(n=Count("id"))
    return {row["result"]: row["n"] for row in rows}


# --- 説明のない空白 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """説明のない空白: days of a resident without a period between two that no reason of loss explains."""

    atena_number: str
    resident: Resident | None
    lost_on: date
    loss_reason_ja: str
    acquired_on: date
    days: int


_GAPS = f"""
select q.atena_number, q.lost_on, q.loss_reason, q.next_on
from (select p.atena_number, upper(p.valid_period) as lost_on, p.loss_reason,
             lead(lower(p.valid_period)) over (partition by p.atena_number order by p.valid_period) as next_on
      from qualification_period p where upper_inf(p.recorded_period)) q
join {resident_view.VIEW} r on r.atena_number = q.atena_number and r.status = '1'
where q.next_on > q.lost_on and q.loss_reason <> all(%(explained)s)
  and q.atena_number > %(after)s
order by q.atena_number, q.lost_on limit %(most)s
"""


def gaps(*, context: AccessContext, after: str = "") -> Page:
    """説明のない空白の一覧, in order of 宛名番号; what nobody recorded at all is 未加入の疑い and stands there."""
    with looking() as note:
        with connections[USING].cursor() as cursor:
            cursor.execute(_GAPS, {"explained": list(GAP_EXPLAINING_LOSS_REASONS), "after": after, "most": PAGE + 1})
            found = cursor.fetchall()
        shown = found[:PAGE]
        numbers = sorted({row[0] for row in shown})
        note(context, "説明のない空白", numbers, act=Act.SEARCH)
        residents = resident_view.by_numbers(numbers)
        rows = tuple(
            Gap(atena, residents.get(atena), lost, LOSS_REASONS.label(reason), begun, (begun - lost).days)
            for atena, lost, reason, begun in shown
        )
        return Page(rows, shown[-1][0] if len(found) > PAGE else "")


# --- 窓口 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """窓口の仕事: open receipts and what of them waits for whom; counts that name nobody."""

    code: str
    name: str
    open: int
    overdue: int
    to_complete: int
    to_check: int
    returned: int
    asked: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """返戻の理由 by office over the last year: where errors come from."""

    office: str
    reason: str
    count: int


def offices() -> list[OfficeRow]:
    """窓口ごとの仕事: every office of the assessment (使用部署), also the one without anything open."""
    today = clock.today()
    unsent = Q(sent_on__isnull=True) | Q(state=NoticeState.RETURNED)
    found: dict[str, dict[str, Any]] = {
        row["office_code"]: dict(row)
        for row in Receipt.objects.filter(state__in=OPEN_NOTICE_STATES)
        .values("office_code")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=(unsent & Q(sending_due_on__lt=today)) | Q(papers_due_on__lt=today)),
            completing=Count("id", filter=Q(state=NoticeState.SUPPLEMENT)),
            checking=Count("id", filter=Q(state=NoticeState.EXAMINED)),
            back=Count("id", filter=Q(state=NoticeState.RETURNED)),
            first=Min("received_on"),
        )
    }
    asked: dict[str, int] = dict(
        InquirySlip.objects.exclude(state=InquiryState.ANSWERED)
        .values_list("office_code")
        .annotate(n=Count("id"))
        .values_list("office_code", "n")
    )
    return [
        OfficeRow(
            one.code,
            one.name,
            found.get(one.code, {}).get("n", 0),
            found.get(one.code, {}).get("late", 0),
            found.get(one.code, {}).get("completing", 0),
            found.get(one.code, {}).get("checking", 0),
            found.get(one.code, {}).get("back", 0),
            asked.get(one.code, 0),
            (today - found[one.code]["first"]).days if one.code in found else 0,
        )
        for one in using_offices()
    ]


_RETURNS = """
select r.office_code, left(l.reason, 60), count(*)
from report_result_line l join report_line s on s.id = l.line_id join receipt r on r.id = s.notice_id
where l.verdict = 'returned' and l.processed_on > %s group by 1, 2 order by 3 desc, 1, 2 limit 50
"""


def return_reasons() -> list[ReturnRow]:
    """返戻の理由の比較 (names nobody)."""
    names = {one.code: one.name for one in using_offices()}
    with connections[USING].cursor() as cursor:
        cursor.execute(_RETURNS, [clock.today() - timedelta(days=365)])
        return [ReturnRow(names.get(code, code), reason, count) for code, reason, count in cursor.fetchall()]


def check_queue(*, context: AccessContext, limit: int = 200) -> list[tuple[Receipt, Resident | None]]:
    """主管課の確認待ち: what the branches took in, oldest first."""
    with looking() as note:
        rows = list(Receipt.objects.filter(state=NoticeState.EXAMINED).order_by("received_on", "id")[:limit])
        numbers = sorted({one.atena_number for one in rows})
        note(context, "主管課の確認待ち", numbers, act=Act.SEARCH)
        residents = resident_view.by_numbers(numbers)
        return [(one, residents.get(one.atena_number)) for one in rows]
