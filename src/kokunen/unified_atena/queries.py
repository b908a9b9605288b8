"""照会: one person over all works, what is held back, files on the way. Reads of people stand in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connections, transaction
from django.db.models import Count, Q

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import age_on
from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.unified_atena.choices import BatchState, HoldState, Interface, ItemState
from kokunen.unified_atena.kinds import kinds, works
from kokunen.unified_atena.models import (
    ALIAS,
    AtenaLink,
    Inquiry,
    LinkHold,
    NumberPeriod,
    ProvisionRecord,
    RebuildReport,
    Reconciliation,
    SendBatch,
    SendItem,
    UnifiedPerson,
    UnmappedCharacter,
)

PAGE_SIZE = 30
MASKED = "要確認"
_PEOPLE = """
select n.number, coalesce(r.name, o.name, ''), coalesce(r.name_kana, o.name_kana, ''),
       coalesce(r.birth_date, o.birth_date), coalesce(nullif(r.birth_text, ''), o.birth_text, ''),
       coalesce(nullif(r.sex, ''), o.sex, '0'), coalesce(r.address, o.address, ''),
       coalesce(r.status = '1', false), coalesce(r.protected, false)
from unnest(%s::text[]) as n(number)
left join integrated.unified_atena__resident r on r.atena_number = n.number
left join integrated.unified_atena__nonresident o on o.atena_number = n.number
where r.atena_number is not null or o.atena_number is not null
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """宛名の本人: whoever stands behind a 宛名番号, as far as this system may see."""

    atena_number: str
    name: str
    name_kana: str
    birth_date: date | None
    birth_text: str
    sex: str
    address: str
    is_resident: bool
    protected: bool

    @property
    def birth(self) -> str:
        """生年月日の表示."""
        return self.birth_text or (format_wareki(self.birth_date) if self.birth_date else "")

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
    def marks(self) -> tuple[tuple[str, str], ...]:
        """標示."""
        own = ("住民", "good") if self.is_resident else ("住登外", "")
        return (own, (MASKED, "warn")) if self.protected else (own,)


def subjects(atena_numbers: Sequence[str]) -> dict[str, Subject]:
    """宛名の本人 of these numbers (the caller writes the ledger)."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_PEOPLE, [sorted(set(atena_numbers))])
        return {row[0]: Subject(*row) for row in cursor.fetchall()}


def atena_numbers_of(unified_number: str) -> list[str]:
    """宛名番号 (0320004): every 宛名番号 that hangs on a 団体内統合宛名番号."""
    rows = AtenaLink.objects.filter(person_id=unified_number, ended_at__isnull=True)
    return list(rows.order_by("-flagged", "atena_number").values_list("atena_number", flat=True))


def unified_number_of(atena_number: str) -> str | None:
    """団体内統合宛名番号 of a 宛名番号, or None."""
    row = AtenaLink.objects.filter(atena_number=atena_number, ended_at__isnull=True).first()
    return None if row is None else row.person_id


# --- one person -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkLine:
    """宛名紐付の1行"""

    link: AtenaLink
    subject: Subject | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """団体内統合宛名の照会: links of now and before, numbers over time, records, what was sent."""

    person: UnifiedPerson
    subject: Subject | None
    links: tuple[LinkLine, ...]
    numbers: tuple[NumberPeriod, ...]
    records: tuple[ProvisionRecord, ...]
    items: tuple[SendItem, ...]
    hold: LinkHold | None


def get_person(*, context: AccessContext, number: str) -> PersonView:
    """照会する by 団体内統合宛名番号 or 宛名番号. Raises InputError when there is none."""
    digits = AtenaNumber.parse(number.strip().zfill(AtenaNumber.length), lenient=True, field="q").value
    with transaction.atomic(using=ALIAS):
        unified = digits if digits.startswith("1") else unified_number_of(digits)
        person = UnifiedPerson.objects.filter(pk=unified).first() if unified else None
        if person is None:
            hold = LinkHold.objects.filter(atena_number=digits, state=HoldState.WAITING).first()
            words = "紐付が保留になっています" if hold else "団体内統合宛名番号がありません"
            raise InputError(
                f"この番号の人には、{words}", "q", "not_found", "番号の真正性の確認と、保留の一覧を確かめてください。"
            )
        links = list(AtenaLink.objects.filter(person=person).order_by("ended_at", "-flagged", "atena_number", "pk"))
        people = subjects([link.atena_number for link in links])
        lead = next((link for link in links if link.flagged), None)
        view = PersonView(
            person,
            people.get(lead.atena_number) if lead else None,
            tuple(LinkLine(link, people.get(link.atena_number)) for link in links),
            tuple(NumberPeriod.objects.filter(person=person).order_by("-since")),
            tuple(ProvisionRecord.objects.filter(person=person).order_by("kind", "-record_key")),
            tuple(SendItem.objects.filter(unified_number=person.pk).select_related("batch").order_by("-id")[:30]),
            LinkHold.objects.filter(
                atena_number__in=[link.atena_number for link in links], state=HoldState.WAITING
            ).first(),
        )
        record(ALIAS, context, act=Act.VIEW, dataset="団体内統合宛名の照会", atena_numbers=list(people),
               items=["氏名", "生年月日", "性別", "住所", "宛名紐付", "情報提供データベース"])  # fmt: skip
    return view


# --- what is held back ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoldLine:
    """保留の1行: both sides."""

    hold: LinkHold
    subject: Subject | None
    others: tuple[Subject, ...]


def find_holds(*, context: AccessContext, after: int = 0, size: int = PAGE_SIZE) -> tuple[list[HoldLine], int | None]:
    """紐付の保留 that waits, oldest first; with the key of the next page."""
    with transaction.atomic(using=ALIAS):
        rows = list(LinkHold.objects.filter(state=HoldState.WAITING, pk__gt=after).order_by("pk")[: size + 1])
        lines = _hold_lines(rows[:size], context)
    return lines, rows[size - 1].pk if len(rows) > size else None


def get_hold(*, context: AccessContext, hold_id: int) -> HoldLine:
    """保留を開く. Raises InputError when there is none."""
    with transaction.atomic(using=ALIAS):
        lines = _hold_lines(list(LinkHold.objects.filter(pk=hold_id)), context)
    if not lines:
        raise InputError("この保留はありません", "hold", "not_found", "一覧を開き直してください。")
    return lines[0]


def _hold_lines(rows: Sequence[LinkHold], context: AccessContext) -> list[HoldLine]:
    people = subjects([number for row in rows for number in (row.atena_number, *row.others)])
    record(ALIAS, context, act=Act.VIEW, dataset="宛名紐付の保留", atena_numbers=list(people),
           items=["氏名", "生年月日", "性別", "住所"])  # fmt: skip
    return [
        HoldLine(row, people.get(row.atena_number), tuple(people[n] for n in row.others if n in people)) for row in rows
    ]


# --- the line ---------------------------------------------------------------------------------------------------------


def find_batches(
    *, states: Sequence[str] = (), after: int = 0, size: int = PAGE_SIZE
) -> tuple[list[SendBatch], int | None]:
    """送信データ, newest first, without their content (no personal data)."""
    rows = SendBatch.objects.defer("content").order_by("-pk")
    if states:
        rows = rows.filter(state__in=states)
    if after:
        rows = rows.filter(pk__lt=after)
    page = list(rows[: size + 1])
    return page[:size], page[size - 1].pk if len(page) > size else None


def get_batch(batch_id: int) -> SendBatch:
    """送信データ without its content. Raises InputError when there is none."""
    row = SendBatch.objects.defer("content").filter(pk=batch_id).first()
    if row is None:
        raise InputError("この送信データはありません", "batch", "not_found", "一覧を開き直してください。")
    return row


@dataclass(frozen=True, slots=True)
class ItemLine:
    """送信する1件と、その人."""

    item: SendItem
    subject: Subject | None

    @property
    def kind_ja(self) -> str:
        """特定個人情報の種類; nothing for a row that carries none."""
        found = kinds().get(self.item.kind)
        return found.label if found else self.item.kind


def find_items(
    *, context: AccessContext, batch: SendBatch | None = None, after: int = 0, size: int = PAGE_SIZE
) -> tuple[list[ItemLine], int | None]:
    """送信する件: rows of a file, or (without one) everything that was rejected or could not go."""
    with transaction.atomic(using=ALIAS):
        rows = SendItem.objects.order_by("pk").filter(pk__gt=after)
        rows = (
            rows.filter(batch=batch)
            if batch is not None
            else rows.filter(state__in=(ItemState.REJECTED, ItemState.EXCLUDED))
        )
        page = list(rows[: size + 1])
        shown = page[:size]
        flagged = dict(
            AtenaLink.objects.filter(
                person__in={item.unified_number for item in shown}, ended_at__isnull=True, flagged=True
            ).values_list("person_id", "atena_number")
        )
        people = subjects(list(flagged.values()))
        record(ALIAS, context, act=Act.VIEW, dataset="中間サーバーへの送信の件", atena_numbers=list(people),
               items=["氏名", "生年月日"])  # fmt: skip
    lines = [ItemLine(item, people.get(flagged.get(item.unified_number, ""))) for item in shown]
    return lines, page[size - 1].pk if len(page) > size else None


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """情報照会の状態: of which work, what it asks whom, and the file that carries it. Not whom it is about."""

    inquiry: Inquiry
    work_ja: str
    kind_ja: str
    batch: SendBatch | None


def find_inquiries(
    *, states: Sequence[str] = (), after: int = 0, size: int = PAGE_SIZE
) -> tuple[list[InquiryLine], int | None]:
    """情報照会の一覧, newest first, each with the file it went in. Neither persons nor answers (no personal data)."""
    rows = Inquiry.objects.defer("answer", "atena_number").order_by("-pk")
    if states:
        rows = rows.filter(state__in=states)
    if after:
        rows = rows.filter(pk__lt=after)
    page = list(rows[: size + 1])
    items = SendItem.objects.filter(
        interface=Interface.INQUIRY,
        unified_number__in={row.unified_number for row in page},
        record_key__in=[str(row.pk) for row in page],
        batch__isnull=False,
    ).select_related("batch")
    batches = {item.record_key: item.batch for item in items.defer("batch__content").order_by("pk")}
    known, labels = works(), kinds()
    lines = [
        InquiryLine(
            row,
            known[row.work_id].label if row.work_id in known else row.work_id,
            labels[row.kind].label if row.kind in labels else row.kind,
            batches.get(str(row.pk)),
        )
        for row in page[:size]
    ]
    return lines, page[size - 1].pk if len(page) > size else None


def count_inquiries() -> dict[str, int]:
    """情報照会の件数 by state."""
    return dict(Inquiry.objects.order_by().values_list("state").annotate(n=Count("pk")))


def find_characters() -> list[UnmappedCharacter]:
    """変換できなかった文字の一覧, the most frequent first."""
    return list(UnmappedCharacter.objects.select_related("last_batch").defer("last_batch__content").order_by(
        "by_rule", "-times", "pk")[:500])  # fmt: skip


def find_reconciliations(limit: int = 30) -> list[Reconciliation]:
    """送受信の照合, newest first."""
    return list(Reconciliation.objects.select_related("batch").defer("batch__content").order_by("-pk")[:limit])


def find_rebuilds(limit: int = 10) -> list[RebuildReport]:
    """全件作成の差分, newest first."""
    return list(RebuildReport.objects.order_by("-pk")[:limit])


@dataclass(frozen=True, slots=True)
class Counts:
    """件数: no personal data."""

    people: int
    holds: int
    waiting_items: int
    troubled_items: int
    waiting_files: int
    unanswered_files: int
    refused_files: int
    oldest_waiting: datetime | None
    last_comparison: Reconciliation | None


def counts() -> Counts:
    """件数 for the home page and the state of the line."""
    files = dict(SendBatch.objects.values_list("state").annotate(n=Count("pk")))
    items = SendItem.objects.aggregate(
        waiting=Count("pk", filter=Q(state=ItemState.WAITING)),
        troubled=Count("pk", filter=Q(state__in=(ItemState.REJECTED, ItemState.EXCLUDED))),
    )
    oldest = SendBatch.objects.filter(state=BatchState.WAITING).order_by("pk").values_list("made_at", flat=True).first()
    return Counts(
        UnifiedPerson.objects.filter(ended_at__isnull=True).count(),
        LinkHold.objects.filter(state=HoldState.WAITING).count(),
        items["waiting"],
        items["troubled"],
        files.get(BatchState.WAITING, 0),
        files.get(BatchState.SENT, 0),
        files.get(BatchState.REFUSED, 0),
        oldest,
        Reconciliation.objects.order_by("-pk").first(),
    )
