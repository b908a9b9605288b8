"""照会: search, one record, its history, its numbers, its links. Every read names a purpose and writes the ledger.

Residents under a 支援措置 are shown by name and a neutral 要確認 only: their address is for 市民課 to give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records import search
from kokunen.common_platform.records.search import Cursor, KeyKind, SearchQuery, SearchTarget
from kokunen.kernel.calendar import age_on
from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber, CorporateNumber, IndividualNumber
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.nonresident_registry.choices import (
    BINDING,
    CONFIRMED,
    AtenaKind,
    CheckResult,
    LinkState,
    NumberKind,
    NumberSource,
    ProposalState,
    RecordStatus,
)
from kokunen.nonresident_registry.models import (
    ALIAS,
    CURRENT,
    AtenaVersion,
    AuthenticityCheck,
    MergeLink,
    MergeProposal,
    MergeStep,
    NumberBinding,
    RecordUse,
    SearchName,
)
from kokunen.nonresident_registry.vault import the_vault

TARGET = SearchTarget(relation="nonresident_registry.search_name")
DATASET_JA = "住登外者宛名"
MASKED = "要確認"
PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """住民の連携情報: the columns of the published row that this office reads."""

    atena_number: str
    status: str
    name: str
    name_kana: str
    kanji_name: str
    alias: str
    alias_kana: str
    birth_date: date
    birth_text: str
    sex: str
    telephone: str
    removed_on: date | None
    removal_code: str
    address: str
    building: str
    destination: str
    destination_abroad: bool
    protected: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """宛名の本人: whoever stands behind a 宛名番号, resident or not."""

    atena_number: str
    kind: str
    name: str
    name_kana: str
    birth_date: date | None
    birth_text: str
    sex: str
    address: str
    status_ja: str
    is_resident: bool
    protected: bool = False

    @property
    def birth(self) -> str:
        """生年月日の表示."""
        if self.birth_text:
            return self.birth_text
        return format_wareki(self.birth_date) if self.birth_date else ""

    @property
    def age(self) -> int | None:
        """年齢."""
        return age_on(self.birth_date, clock.today()) if self.birth_date and not self.birth_text else None

    @property
    def sex_ja(self) -> str:
        """性別の表示."""
        return {"1": "男", "2": "女"}.get(self.sex, "")

    @property
    def shown_address(self) -> str:
        """住所, or the neutral mark of protected residents."""
        return MASKED if self.protected else self.address

    @property
    def kind_ja(self) -> str:
        """宛名の種類."""
        return str(AtenaKind(self.kind).label)

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """標示."""
        found = [(self.kind_ja, "") if not self.is_resident else ("住民", "good")]
        if self.status_ja not in ("現存", "住民"):
            found.append((self.status_ja, "warn"))
        if self.protected:
            found.append((MASKED, "warn"))
        return tuple(found)


_RESIDENT_COLUMNS = tuple(field.name for field in fields(ResidentRow))
_RESIDENT_STATUS = {"1": "住民", "2": "転出", "3": "死亡", "4": "職権消除"}


def resident_rows(atena_numbers: Sequence[str]) -> list[ResidentRow]:
    """住民の連携情報 of these people (the caller writes the ledger)."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            f"select {', '.join(_RESIDENT_COLUMNS)} from integrated.nonresident_registry__resident "
            "where atena_number = any(%s)",
            [list(atena_numbers)],
        )
        return [ResidentRow(*row) for row in cursor.fetchall()]


def find_resident_row(atena_number: str) -> ResidentRow | None:
    """住民の連携情報 of one person."""
    return next(iter(resident_rows([atena_number])), None)


def subjects(atena_numbers: Iterable[str]) -> dict[str, Subject]:
    """宛名の本人 of these numbers: a living resident before the record here, that before a former resident."""
    numbers = list(dict.fromkeys(atena_numbers))
    residents = {row.atena_number: row for row in resident_rows(numbers)}
    records = {row.atena_number: row for row in AtenaVersion.objects.filter(CURRENT, atena_number__in=numbers)}
    found = {}
    for number in numbers:
        resident, own = residents.get(number), records.get(number)
        if resident is not None and (resident.status == "1" or own is None):
            found[number] = _of_resident(resident)
        elif own is not None:
            found[number] = _of_record(own, protected=resident is not None and resident.protected)
    return found


def find_subject(atena_number: str) -> Subject | None:
    """宛名の本人 (the caller writes the ledger)."""
    return subjects([atena_number]).get(atena_number)


def _of_resident(row: ResidentRow) -> Subject:
    address = f"{row.address}　{row.building}" if row.building else row.address
    return Subject(
        row.atena_number, AtenaKind.INDIVIDUAL, row.name or row.kanji_name, row.name_kana, row.birth_date,
        row.birth_text, row.sex, address, _RESIDENT_STATUS.get(row.status, ""), row.status == "1", row.protected,
    )  # fmt: skip


def _of_record(row: AtenaVersion, *, protected: bool) -> Subject:
    return Subject(
        row.atena_number, row.kind, row.name or row.roman_name or row.kanji_name, row.name_kana, row.birth_date,
        row.birth_text, row.sex, row.address, str(RecordStatus(row.status).label), False, protected,
    )  # fmt: skip


def resolve(atena_number: str) -> str:
    """代表の宛名番号: the parent where there is one, else the number itself."""
    link = MergeLink.objects.filter(child=atena_number, state__in=BINDING).first()
    return link.parent if link is not None else atena_number


# --- search ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordLine:
    """検索結果の1行."""

    subject: Subject
    reason: str
    found_by: str
    parent: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """検索結果."""

    query: SearchQuery
    lines: tuple[RecordLine, ...]
    next_cursor: str
    total: int | None
    tried: str


def find_records(
    *, context: AccessContext, text: str, kind: KeyKind | None = None, after: str = "", size: int = PAGE_SIZE
) -> SearchResult:
    """宛名を探す (0310005): by part of a name, kana, birth date or 宛名番号; past names and taken-out records too."""
    query = search.read_query(text, clock.today(), kind)
    cursor = Cursor.decode(after) if after else None
    with transaction.atomic(using=ALIAS):
        if query.kind == KeyKind.NUMBER:
            numbers, following, total = _by_number(query.digits), None, None
            keys: dict[str, str] = {}
        else:
            page = search.find(ALIAS, TARGET, query, cursor=cursor, size=size)
            numbers = list(dict.fromkeys(hit.atena_number for hit in page.hits))
            keys = {hit.atena_number: hit.key for hit in page.hits}
            following, total = page.next_cursor, page.total
        lines = _lines(numbers, keys, query)
        record(
            ALIAS,
            context,
            act=Act.SEARCH,
            dataset=DATASET_JA,
            atena_numbers=[line.subject.atena_number for line in lines],
            items=["氏名", "生年月日", "性別", "住所"],
            detail={"kind": str(query.kind), "key": query.text[:60] if query.keys else f"{len(query.digits)}桁"},
        )
    return SearchResult(query, lines, following.encode() if following else "", total, search.KEY_KIND_JA[query.kind])


def _by_number(digits: str) -> list[str]:
    if len(digits) in (IndividualNumber.length, CorporateNumber.length):
        raise InputError(
            "個人番号・法人番号では、ここでは検索できません",
            "q",
            "invalid_value",
            "「番号の照会」を使ってください。",
        )
    number = digits.zfill(AtenaNumber.length)
    return [number] if AtenaNumber.judge(number).valid else []


def _lines(numbers: Sequence[str], keys: dict[str, str], query: SearchQuery) -> tuple[RecordLine, ...]:
    rows = {row.atena_number: row for row in AtenaVersion.objects.filter(CURRENT, atena_number__in=numbers)}
    people = subjects(numbers)
    parents = dict(MergeLink.objects.filter(child__in=numbers, state__in=BINDING).values_list("child", "parent"))
    past = {
        (name.atena_number, key): name.shown
        for name in SearchName.objects.filter(atena_number__in=numbers, is_past=True)
        for key in (name.name_key, name.kana_key)
    }
    return tuple(
        RecordLine(
            people[number],
            str(rows[number].get_reason_display()) if number in rows else "",
            f"以前の氏名: {past[number, keys[number]]}" if (number, keys.get(number, "")) in past else "",
            parents.get(number, ""),
        )
        for number in numbers
        if number in rows
    )


# --- one record -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordView:
    """一件の宛名: the row, who uses it, its parent and children."""

    row: AtenaVersion
    subject: Subject
    uses: tuple[RecordUse, ...]
    parent: Subject | None
    children: tuple[Subject, ...]


def get_record(*, context: AccessContext, atena_number: str) -> RecordView:
    """宛名を照会する. Raises InputError when there is no such record."""
    with transaction.atomic(using=ALIAS):
        row = AtenaVersion.objects.filter(CURRENT, atena_number=atena_number).first()
        if row is None:
            raise InputError(
                "この宛名番号の住登外者・法人はありません", "atena_number", "not_found", "検索し直してください。"
            )
        links = MergeLink.objects.filter(state__in=BINDING)
        parent = links.filter(child=atena_number).values_list("parent", flat=True).first()
        children = list(links.filter(parent=atena_number).values_list("child", flat=True))
        people = subjects([atena_number, *([parent] if parent else []), *children])
        view = RecordView(
            row,
            people[atena_number],
            tuple(RecordUse.objects.filter(atena_number=atena_number).order_by("work_id")),
            people.get(parent) if parent else None,
            tuple(people[number] for number in children if number in people),
        )
        _viewed(context, "宛名照会", list(people))
    return view


def get_history(*, context: AccessContext, atena_number: str) -> list[AtenaVersion]:
    """履歴 (0310022): every row recorded now, newest first, and what was corrected since."""
    with transaction.atomic(using=ALIAS):
        rows = list(AtenaVersion.objects.filter(atena_number=atena_number).order_by("-history_number", "-id"))
        _viewed(context, "宛名の履歴", [atena_number])
    return rows


def _viewed(context: AccessContext, dataset: str, numbers: Sequence[str]) -> None:
    record(
        ALIAS,
        context,
        act=Act.VIEW,
        dataset=dataset,
        atena_numbers=numbers,
        items=["氏名", "生年月日", "性別", "住所"],
    )


# --- numbers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BindingLine:
    """番号紐付の1行: the number itself is not in it."""

    atena_number: str
    number_kind: str
    kind_ja: str
    source_ja: str
    verification: str
    verification_ja: str
    since: date
    until: date | None
    twice: bool

    @property
    def confirmed(self) -> bool:
        """確認済みか."""
        return self.verification in CONFIRMED


@dataclass(frozen=True, slots=True)
class NumberNode:
    """番号の木の節: a 宛名, its bindings, and its children."""

    subject: Subject
    bindings: tuple[BindingLine, ...]
    checks: tuple[AuthenticityCheck, ...]
    children: tuple[NumberNode, ...] = ()


def get_number_tree(*, context: AccessContext, atena_number: str) -> NumberNode:
    """番号の照会 (S5-4): 番号紐付, 住登外番号紐付, 法人番号紐付, 住登外名寄 as one tree, the representative on top."""
    with transaction.atomic(using=ALIAS):
        top = resolve(atena_number)
        children = list(MergeLink.objects.filter(parent=top, state__in=BINDING).values_list("child", flat=True))
        numbers = [top, *children]
        people = subjects(numbers)
        if top not in people:
            raise InputError("この宛名番号はありません", "q", "not_found", "検索し直してください。")
        nodes = {number: _node(people[number]) for number in numbers if number in people}
        record(
            ALIAS,
            context,
            act=Act.VIEW,
            dataset="番号の照会",
            atena_numbers=list(nodes),
            items=["番号紐付情報", "住登外名寄情報"],
        )
    root = nodes[top]
    return NumberNode(root.subject, root.bindings, root.checks, tuple(nodes[n] for n in children if n in nodes))


def find_by_number(*, context: AccessContext, text: str) -> list[Subject]:
    """番号で探す: 個人番号, 法人番号 (by the blind index) or 宛名番号. The digits stand in no log."""
    digits = "".join(text.split()).replace("-", "")
    with transaction.atomic(using=ALIAS):
        numbers = _holders(digits)
        found = list(subjects(numbers).values())
        record(
            ALIAS,
            context,
            act=Act.SEARCH,
            dataset="番号の照会",
            atena_numbers=[subject.atena_number for subject in found],
            detail={"digits": len(digits)},
        )
    return found


def _holders(digits: str) -> list[str]:
    for kind, value in ((NumberKind.INDIVIDUAL, IndividualNumber), (NumberKind.CORPORATE, CorporateNumber)):
        if len(digits) == value.length:
            index = the_vault().index(kind, value.parse(digits, field="q").value)
            held = NumberBinding.objects.filter(CURRENT, number_index=index).order_by("atena_number")
            return list(held.values_list("atena_number", flat=True))
    return [AtenaNumber.parse(digits.zfill(AtenaNumber.length), field="q").value]


def _node(subject: Subject) -> NumberNode:
    rows = NumberBinding.objects.filter(
        atena_number=subject.atena_number, recorded_period__endswith__isnull=True
    ).order_by("number_kind", "-id")
    checks = AuthenticityCheck.objects.filter(atena_number=subject.atena_number).order_by("-checked_at")[:10]
    return NumberNode(subject, tuple(_line(row) for row in rows), tuple(checks))


def _line(row: NumberBinding) -> BindingLine:
    return BindingLine(
        row.atena_number, row.number_kind, str(NumberKind(row.number_kind).label), str(NumberSource(row.source).label),
        row.verification, str(CheckResult(row.verification).label), row.valid_period.lower, row.valid_period.upper,
        row.twice,
    )  # fmt: skip


# --- merging --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """名寄せ候補の1行: both sides and the reasons."""

    proposal: MergeProposal
    first: Subject
    second: Subject
    asked: MergeLink | None


def find_proposals(*, context: AccessContext, after: str = "", size: int = PAGE_SIZE) -> tuple[list[ProposalLine], str]:
    """名寄せ候補 waiting, strongest first; with the key of the next page."""
    with transaction.atomic(using=ALIAS):
        rows = MergeProposal.objects.filter(state=ProposalState.WAITING).order_by("-weight", "id")
        if after:
            weight, number = after.split(":", 1)
            rows = rows.filter(weight__lte=float(weight)).exclude(weight=float(weight), id__lte=int(number))
        page = list(rows[: size + 1])
        lines = _proposal_lines(page[:size])
        _viewed(context, "名寄せ候補", [n for line in lines for n in (line.proposal.first, line.proposal.second)])
    last = page[size - 1] if len(page) > size else None
    return lines, f"{last.weight!r}:{last.pk}" if last else ""


def get_proposal_line(*, context: AccessContext, proposal_id: int) -> ProposalLine:
    """名寄せ候補を開く."""
    with transaction.atomic(using=ALIAS):
        lines = _proposal_lines(list(MergeProposal.objects.filter(pk=proposal_id)))
        if not lines:
            raise InputError("この名寄せ候補はありません", "proposal", "not_found", "一覧を開き直してください。")
        _viewed(context, "名寄せ候補", [lines[0].proposal.first, lines[0].proposal.second])
    return lines[0]


def _proposal_lines(rows: Sequence[MergeProposal]) -> list[ProposalLine]:
    people = subjects([number for row in rows for number in (row.first, row.second)])
    asked = {
        link.proposal_id: link
        for link in MergeLink.objects.filter(proposal__in=[row.pk for row in rows], state=LinkState.ASKED)
    }
    return [
        ProposalLine(row, people[row.first], people[row.second], asked.get(row.pk))
        for row in rows
        if row.first in people and row.second in people
    ]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """名寄せの1行."""

    link: MergeLink
    parent: Subject | None
    child: Subject | None


def find_links(*, context: AccessContext, states: Sequence[str], limit: int = 200) -> list[LinkLine]:
    """名寄せの一覧 by state, newest first."""
    with transaction.atomic(using=ALIAS):
        links = list(MergeLink.objects.filter(state__in=states).order_by("-id")[:limit])
        people = subjects([number for link in links for number in (link.parent, link.child)])
        _viewed(context, "名寄せの一覧", list(people))
    return [LinkLine(link, people.get(link.parent), people.get(link.child)) for link in links]


def get_steps(*, context: AccessContext, atena_number: str) -> list[MergeStep]:
    """名寄せの履歴 (0310009) of a 宛名番号, as parent or as child."""
    with transaction.atomic(using=ALIAS):
        rows = MergeStep.objects.filter(child=atena_number) | MergeStep.objects.filter(parent=atena_number)
        found = list(rows.select_related("link").order_by("-at", "-id")[:100])
        _viewed(context, "名寄せの履歴", [atena_number])
    return found


def counts() -> dict[str, int]:
    """件数 for the home page: no personal data."""
    links = MergeLink.objects
    return {
        "proposals": MergeProposal.objects.filter(state=ProposalState.WAITING).count(),
        "asked": links.filter(state__in=(LinkState.ASKED, LinkState.ENDING)).count(),
        "unchecked": NumberBinding.objects.filter(CURRENT).exclude(verification__in=CONFIRMED).count(),
    }
