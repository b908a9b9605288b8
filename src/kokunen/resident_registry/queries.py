"""照会: search, person, household and history. Every read names a purpose and writes its ledger entry in the same
transaction.

People under a 支援措置 are masked for whoever lacks the right (`Sight`): name and a neutral 要確認, no address, no
contact, no household.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connections, transaction
from psycopg import sql as SQL

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records import search
from kokunen.common_platform.records.search import Cursor, Hit, KeyKind, SearchQuery, SearchTarget, Tier
from kokunen.kernel.calendar import add_months, age_on
from kokunen.kernel.errors import InputError
from kokunen.kernel.names import variant_key
from kokunen.kernel.numbers import AtenaNumber, HouseholdNumber, ResidenceCardNumber, ResidentCode
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import ResidentStatus, SearchNameKind, event_name
from kokunen.resident_registry.models import (
    ALIAS,
    EditingClaim,
    EventPerson,
    ResidentCodeAssignment,
    ResidentEvent,
    ResidentVersion,
    SupportMeasure,
)
from kokunen.resident_registry.models.resident import CURRENT, LIVING
from kokunen.resident_registry.perms import Sight
from kokunen.resident_registry.services.desk import ItemChange, differences
from kokunen.resident_registry.services.newcomers import WARN_DAYS_BEFORE_EXPIRY
from kokunen.resident_registry.services.support import in_force

TARGET = SearchTarget(relation="resident_registry.search_name")
MASKED = "要確認"
DATASET_JA = "住民票"


@dataclass(frozen=True, slots=True)
class ResidentLine:
    """検索結果の1行: what tells people apart at a glance; `found_by` is the past name or 通称 that matched, if not
    the name.
    """

    atena_number: str
    name: str
    name_kana: str
    birth: str
    age: int | None
    sex: str
    address: str
    head_name: str
    household_number: str
    kind: str
    marks: tuple[tuple[str, str], ...]
    found_by: str = ""
    is_living: bool = True
    same_person_group: int = 0


@dataclass(frozen=True, slots=True)
class SearchResult:
    """検索結果: how the key was read, the lines, the cursor of the next page, and the total (None = more than the
    cap).
    """

    query: SearchQuery
    lines: tuple[ResidentLine, ...]
    next_cursor: str
    total: int | None
    tried: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """一人の記録: the row as asked for, masked where the officer lacks the right."""

    row: ResidentVersion
    masked: bool
    protected: bool
    support_ends_on: date | None = None
    known_on: date | None = None

    @property
    def birth(self) -> str:
        """生年月日の表示."""
        return shown_birth(self.row)

    @property
    def age(self) -> int | None:
        """年齢 on the office's day, unknown when the birth date is or the person is no resident any more by death."""
        return shown_age(self.row)

    @property
    def address(self) -> str:
        """住所, or the neutral mark."""
        return MASKED if self.masked else self.row.address

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """標示 for the head band."""
        return marks_of(self.row, self.protected, self.masked, self.support_ends_on)


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """世帯の記録: members who live there, former members, who has it on the desk, and the 履歴番号 a notice must be
    based on.
    """

    household_number: str
    address: str
    members: tuple[PersonView, ...]
    former: tuple[PersonView, ...]
    claim: EditingClaim | None = None

    @property
    def head(self) -> PersonView | None:
        """世帯主."""
        return next((member for member in self.members if member.row.is_head), None)

    @property
    def versions(self) -> dict[str, int]:
        """履歴番号 by 宛名番号, for `expected` of the services."""
        return {member.row.atena_number: member.row.version_number for member in self.members}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """異動履歴の1行: a version with the event that made it and what it changed."""

    version_number: int
    event: ResidentEvent
    event_name: str
    event_on: str
    changes: tuple[ItemChange, ...]
    cancelled: bool
    is_subject: bool
    status: str


# --- search ----------------------------------------------------------------------------------------------------------


def find_residents(
    *,
    context: AccessContext,
    text: str,
    kind: KeyKind | None = None,
    after: str = "",
    sight: Sight,
    size: int = search.PAGE_SIZE,
) -> SearchResult:
    """住民を探す: by part of a name, kana, birth date or a number; exact first, then prefix, then part; past names
    too.
    """
    query = search.read_query(text, clock.today(), kind)
    cursor = Cursor.decode(after) if after else None
    with transaction.atomic(using=ALIAS):
        if query.kind == KeyKind.NUMBER:
            hits, following, total = _find_by_number(query.digits), None, None
            total = len(hits)
        else:
            page = search.find(ALIAS, TARGET, query, cursor=cursor, size=size)
            hits, following, total = list(page.hits), page.next_cursor, page.total
        lines = _lines(hits, query, sight)
        record(
            ALIAS,
            context,
            act=Act.SEARCH,
            dataset=DATASET_JA,
            atena_numbers=[line.atena_number for line in lines],
            items=["氏名", "生年月日", "性別", "住所", "世帯主の氏名"],
            detail={"kind": str(query.kind), "key": _logged_key(query), "more": following is not None},
        )
    tried = search.KEY_KIND_JA[query.kind]
    return SearchResult(query, lines, following.encode() if following else "", total, tried)


def _logged_key(query: SearchQuery) -> str:
    """検索キーの記録 (SPEC 2.1.3): every key is logged; of a number only its length and last digits."""
    if query.kind == KeyKind.NUMBER:
        return f"{len(query.digits)}桁 …{query.digits[-2:]}"
    return query.birth.isoformat() if query.birth else query.text[:60]


def _find_by_number(digits: str) -> list[Hit]:
    """番号で探す: 宛名番号, 世帯番号, 住民票コード, 在留カード番号. 個人番号 is not held here."""
    if len(digits) == 12 and digits.isdigit():
        raise InputError(
            "住民記録では個人番号による検索はできません",
            "q",
            "invalid_value",
            "氏名・生年月日・宛名番号のどれかで検索してください。",
        )
    rows = ResidentVersion.objects.filter(CURRENT)
    found: list[ResidentVersion] = []
    if ResidenceCardNumber.judge(digits).valid:
        found = list(rows.filter(residence_card_number=digits))
    elif len(digits) == 11 and ResidentCode.judge(digits).valid:
        owners = ResidentCodeAssignment.objects.filter(resident_code=digits).values_list("atena_number", flat=True)
        found = list(rows.filter(atena_number__in=list(owners)))
    if not found and digits.isdigit() and len(digits) <= AtenaNumber.length:
        number = digits.zfill(AtenaNumber.length)
        if AtenaNumber.judge(number).valid:
            found = list(rows.filter(atena_number=number))
            if not found and HouseholdNumber.judge(number).valid:
                found = list(
                    rows.filter(household_number=number, status=ResidentStatus.LIVING).order_by("household_order")
                )
    return [Hit(row.atena_number, "", Tier.EXACT) for row in found]


def _lines(hits: Sequence[Hit], query: SearchQuery, sight: Sight) -> tuple[ResidentLine, ...]:
    """表示する行: one read for the whole page, however many hits, of the columns shown only."""
    if not hits:
        return ()
    column = SQL.Identifier("n", "kana_key" if query.kind == KeyKind.KANA else "name_key")
    shown_columns = SQL.SQL(", ").join(SQL.Identifier("v", name) for name in _SHOWN)
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            _LINES.format(shown=shown_columns, column=column),
            {"numbers": [hit.atena_number for hit in hits], "keys": [hit.key for hit in hits]},
        )
        found = cursor.fetchall()
    people: dict[str, tuple[ResidentVersion, bool]] = {}
    found_by: dict[str, str] = {}
    for *values, protected, kind, is_past, shown in found:
        row = ResidentVersion(**dict(zip(_SHOWN, values, strict=True)))
        people.setdefault(row.atena_number, (row, protected))
        if shown is not None:
            label = SearchNameKind(kind).label
            found_by[row.atena_number] = f"{'以前の' if is_past else ''}{label}: {shown}"
    same = _same_people(row for row, _ in people.values())
    return tuple(
        _line(row, protected, sight, found_by.get(number, ""), same.get(number, 0))
        for number, (row, protected) in people.items()
    )


#: What a line of the result shows or is told apart by.
_SHOWN = (
    "atena_number", "status", "resident_kind", "name", "name_kana", "birth_date", "birth_text", "birth_imprecise",
    "sex", "household_number", "head_atena_number", "head_name", "town", "lot", "building", "residence_expires_on",
    "planned_departure_on",
)  # fmt: skip

# The name that matched is told where it is not the present one, so that the officer sees why a line is there.
_LINES = SQL.SQL(
    "select {shown}, exists (select from resident_registry.support_measure m where m.atena_number = v.atena_number "
    "and upper(m.recorded_period) is null and upper(m.valid_period) is null), n.kind, n.is_past, n.shown "
    "from unnest(%(numbers)s::text[], %(keys)s::text[]) with ordinality h (number, key, place) "
    "join resident_registry.resident_version v on v.atena_number = h.number and upper(v.recorded_period) is null "
    "and upper(v.valid_period) is null "
    "left join lateral (select n.kind, n.is_past, n.shown from resident_registry.search_name n "
    "where h.key <> '' and n.atena_number = h.number and (n.is_past or n.kind <> '1') "
    "and h.key in ({column}, n.kana_alt_key) limit 1) n on true order by h.place"
)


def _same_people(rows: Iterable[ResidentVersion]) -> dict[str, int]:
    """同じ氏名・生年月日の人: numbered groups, shown side by side with what differs."""
    groups: dict[tuple[str, date], list[str]] = {}
    for row in rows:
        groups.setdefault((variant_key(row.name), row.birth_date), []).append(row.atena_number)
    doubled = [numbers for numbers in groups.values() if len(numbers) > 1]
    return {number: position for position, numbers in enumerate(doubled, start=1) for number in numbers}


def _line(row: ResidentVersion, protected: bool, sight: Sight, found_by: str, group: int) -> ResidentLine:
    masked = protected and not sight.protected
    return ResidentLine(
        atena_number=row.atena_number,
        name=row.name or "（名未定）",
        name_kana=row.name_kana,
        birth=shown_birth(row),
        age=shown_age(row),
        sex=row.get_sex_display() if row.sex != "0" else "",
        address=MASKED if masked else row.address,
        head_name="" if masked else row.head_name,
        household_number="" if masked else row.household_number,
        kind=row.get_resident_kind_display(),
        marks=marks_of(row, protected, masked),
        found_by=found_by,
        is_living=row.is_living,
        same_person_group=group,
    )


# --- one person, one household ---------------------------------------------------------------------------------------


def get_resident(
    *, context: AccessContext, atena_number: str, sight: Sight, known_on: date | None = None
) -> PersonView:
    """一人を照会する: the current row, or the one the office held as current at the end of `known_on` (基準日)."""
    with transaction.atomic(using=ALIAS):
        view = _person(atena_number, sight, known_on)
        _record_view(context, "個人照会", [view], known_on)
    return view


def _person(atena_number: str, sight: Sight, known_on: date | None = None) -> PersonView:
    rows = ResidentVersion.objects.filter(atena_number=atena_number, valid_period__endswith__isnull=True)
    if known_on is None:
        row = rows.filter(recorded_period__endswith__isnull=True).first()
    else:
        row = rows.filter(recorded_period__contains=end_of_day(known_on)).first()
    if row is None:
        words = (
            "この宛名番号の住民票はありません"
            if known_on is None
            else f"{format_wareki(known_on)}の時点では、この人の記録はありません"
        )
        raise InputError(words, "atena_number", "not_found", "検索し直してください。")
    return view_of([row], sight, known_on)[0]


def get_household(
    *, context: AccessContext, household_number: str, sight: Sight, known_on: date | None = None, claim_for: str = ""
) -> HouseholdView:
    """世帯を照会する: everybody on one screen. A household with a protected member is masked as a whole (SPEC
    2.2.4).
    """
    with transaction.atomic(using=ALIAS):
        rows = ResidentVersion.objects.filter(household_number=household_number, valid_period__endswith__isnull=True)
        if known_on is None:
            rows = rows.filter(recorded_period__endswith__isnull=True)
        else:
            rows = rows.filter(recorded_period__contains=end_of_day(known_on))
        views = view_of(rows.order_by("household_order", "birth_date", "atena_number"), sight, known_on)
        if not views:
            raise InputError(
                "この世帯番号の世帯はありません", "household_number", "not_found", "検索し直してください。"
            )
        members = [view for view in views if view.row.is_living]
        hidden = any(view.masked for view in views)
        address = MASKED if hidden else (members or views)[0].row.address
        claim = EditingClaim.objects.filter(household_number=household_number, expires_at__gt=clock.now()).first()
        _record_view(context, "世帯照会", views, known_on)
    former = [view for view in views if not view.row.is_living]
    return HouseholdView(household_number, address, tuple(members), tuple(former), claim)


def view_of(rows: Iterable[ResidentVersion], sight: Sight, known_on: date | None = None) -> list[PersonView]:
    """表示の用意: protection and its end for many people in one read."""
    people = list(rows)
    measures = in_force([row.atena_number for row in people])
    return [
        PersonView(
            row,
            masked=row.atena_number in measures and not sight.protected,
            protected=row.atena_number in measures,
            support_ends_on=measures[row.atena_number].ends_on if row.atena_number in measures else None,
            known_on=known_on,
        )
        for row in people
    ]


def find_household_number(atena_number: str) -> str:
    """世帯番号 of a current record, "" if there is none (no personal data leave this function)."""
    return (
        ResidentVersion.objects.filter(CURRENT, atena_number=atena_number)
        .values_list("household_number", flat=True)
        .first()
        or ""
    )


def get_history(*, context: AccessContext, atena_number: str, sight: Sight) -> list[HistoryLine]:
    """異動履歴 of one person's record, latest first: every version, also those cancelled since (SPEC 2.2.1)."""
    with transaction.atomic(using=ALIAS):
        view = _person(atena_number, sight)
        rows = (
            ResidentVersion.objects.filter(atena_number=atena_number)
            .select_related("event")
            .order_by("recorded_period")
        )
        first: dict[int, ResidentVersion] = {}
        for row in rows:
            first.setdefault(row.version_number, row)
        links = {
            link.event_id: link
            for link in EventPerson.objects.filter(atena_number=atena_number).only("event_id", "is_subject")
        }
        cancelled = set(
            ResidentEvent.objects.filter(cancels__in=[row.event_id for row in first.values()]).values_list(
                "cancels_id", flat=True
            )
        )
        _record_view(context, "異動履歴", [view], None)
    lines = []
    for number in sorted(first, reverse=True):
        row, before = first[number], first.get(number - 1)
        link = links.get(row.event_id)
        lines.append(
            HistoryLine(
                number,
                row.event,
                event_name(row.event.code),
                row.event.event_text or format_wareki(row.event.event_on),
                () if view.masked else tuple(differences(before, row)),
                row.event_id in cancelled,
                link.is_subject if link else True,
                row.get_status_display(),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class EventView:
    """登録した異動: for the result screen and the 受付票."""

    event: ResidentEvent
    name: str
    event_on: str
    subjects: tuple[PersonView, ...]
    followers: tuple[PersonView, ...]


def get_event(*, context: AccessContext, event_id: int, sight: Sight) -> EventView:
    """異動を照会する: with everybody's row as the event left it."""
    with transaction.atomic(using=ALIAS):
        event = ResidentEvent.objects.filter(pk=event_id).first()
        if event is None:
            raise InputError("この受付番号の異動はありません", "event_id", "not_found", "受付番号を確認してください。")
        links = list(EventPerson.objects.filter(event=event).order_by("pk"))
        rows: dict[str, ResidentVersion] = {}
        versions = {(link.atena_number, link.version_after) for link in links}
        for row in ResidentVersion.objects.filter(atena_number__in=[link.atena_number for link in links]).order_by(
            "recorded_period"
        ):
            if (row.atena_number, row.version_number) in versions:
                rows.setdefault(row.atena_number, row)
        views = {view.row.atena_number: view for view in view_of(rows.values(), sight)}
        _record_view(context, "異動の内容", list(views.values()), None)
    return EventView(
        event,
        event_name(event.code),
        event.event_text or format_wareki(event.event_on),
        tuple(views[link.atena_number] for link in links if link.is_subject),
        tuple(views[link.atena_number] for link in links if not link.is_subject),
    )


def _record_view(context: AccessContext, dataset: str, views: Sequence[PersonView], known_on: date | None) -> None:
    record(
        ALIAS,
        context,
        act=Act.VIEW,
        dataset=dataset,
        atena_numbers=[view.row.atena_number for view in views],
        items=["住民票の記載事項"] if not any(view.masked for view in views) else ["住民票の記載事項（住所を除く）"],
        detail={"known_on": known_on.isoformat()} if known_on else {},
    )


def find_planned_departures(*, context: AccessContext, sight: Sight, limit: int = 200) -> list[PersonView]:
    """転出予定者: who is going to leave, the nearest day first, at most `limit`."""
    with transaction.atomic(using=ALIAS):
        rows = ResidentVersion.objects.filter(LIVING, planned_departure_on__isnull=False)
        views = view_of(rows.order_by("planned_departure_on", "household_number", "household_order")[:limit], sight)
        _record_view(context, "転出予定者一覧", views, None)
    return views


# --- figures of the home page (counts only, no personal data) --------------------------------------------------------


def count_today() -> dict[str, int]:
    """今日の受付 by 異動事由."""
    codes = ResidentEvent.objects.filter(processed_on=clock.today()).values_list("code", flat=True)
    counted: dict[str, int] = {}
    for code in codes:
        counted[code] = counted.get(code, 0) + 1
    return counted


def count_planned_departures() -> int:
    """転出予定者の数."""
    return ResidentVersion.objects.filter(LIVING, planned_departure_on__isnull=False).count()


def count_ending_support(days: int = 31) -> int:
    """支援措置の終了が近い、または過ぎた人の数."""
    limit = clock.today() + timedelta(days=days)
    return SupportMeasure.objects.current().filter(valid_period__endswith__isnull=True, ends_on__lte=limit).count()


# --- how things are shown --------------------------------------------------------------------------------------------


def shown_birth(row: ResidentVersion) -> str:
    """生年月日の表示: 和暦; foreign residents in the Western calendar (SPEC 1.1.9); an imprecise one as written."""
    if row.birth_imprecise:
        return row.birth_text
    if row.is_foreign:
        return f"{row.birth_date.year}年{row.birth_date.month}月{row.birth_date.day}日"
    return format_wareki(row.birth_date)


def shown_age(row: ResidentVersion) -> int | None:
    """年齢."""
    if row.birth_imprecise or row.status == ResidentStatus.DEAD:
        return None
    return age_on(row.birth_date, max(clock.today(), row.birth_date))


def marks_of(
    row: ResidentVersion, protected: bool, masked: bool, support_ends_on: date | None = None
) -> tuple[tuple[str, str], ...]:
    """標示: words and tone, the most urgent first."""
    marks: list[tuple[str, str]] = []
    if masked:
        marks.append((MASKED, "warn"))
    elif protected:
        marks.append((_support_mark(support_ends_on), "bad"))
    if not row.is_living:
        marks.append((f"除票 {row.get_status_display()}", "bad"))
    elif row.planned_departure_on:
        marks.append((f"転出予定 {format_wareki(row.planned_departure_on)}" if not masked else "転出予定", "warn"))
    if row.is_foreign:
        marks.append(("外国人", "info"))
    if row.is_living and not row.head_atena_number:
        marks.append(("世帯主未設定", "warn"))
    expires = row.residence_expires_on
    if row.is_living and expires and expires < clock.today():
        marks.append(("在留期間満了", "bad"))
    elif row.is_living and expires and expires <= clock.today() + timedelta(days=WARN_DAYS_BEFORE_EXPIRY):
        marks.append((f"在留期間満了 {format_wareki(expires)}", "warn"))
    return tuple(marks)


def _support_mark(ends_on: date | None) -> str:
    """支援措置の標示: from one month before the end every view says so, and after it too (SPEC 3.4)."""
    if ends_on is None or clock.today() < add_months(ends_on, -1):
        return "支援措置"
    return "支援措置（期間満了）" if ends_on < clock.today() else f"支援措置（終了日 {format_wareki(ends_on)}）"


def end_of_day(day: date) -> datetime:
    """基準日の終わり: what the office knew when it closed on that day."""
    return datetime.combine(day, time(23, 59, 59, 999999), tzinfo=clock.OFFICE_ZONE)
