"""証明書の交付 (住基法12条-12条の3, 15条の4, 20条): refuse, or number and log; re-issue, spoiled sheets, lift."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.law.parameters import value_on
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal
from kokunen.resident_registry.choices import CertificateKind, IdentityCheck, RequestKind
from kokunen.resident_registry.linkage import protected_among
from kokunen.resident_registry.models import (
    ALIAS,
    CertificateIssue,
    CertificateVoid,
    ResidentVersion,
    SupportLift,
)
from kokunen.resident_registry.models.resident import CURRENT, LIVING
from kokunen.resident_registry.services.certificate_rules import (
    Item,
    check_items,
    check_kind,
    check_letters,
    check_request,
)
from kokunen.resident_registry.services.notice import NeedsConfirmation

DATASET_JA = "証明書"
MOST_COPIES = 20
#: 一時解除の長さ: long enough for one visitor at the counter.
LIFT_FOR = timedelta(minutes=30)
#: 拒否の言葉: one neutral sentence, whoever asks and whatever the reason; the reason stands in the ledger only.
NEUTRAL = "この証明書は交付できません。係長に引き継いでください"
_OWN_REQUESTS = frozenset({RequestKind.SELF, RequestKind.SAME_HOUSEHOLD, RequestKind.OFFICE, RequestKind.OFFICIAL})


@dataclass(frozen=True, slots=True)
class CertificateOrder:
    """証明書の請求: what is asked of whom by whom.

    `covered` are 宛名番号 of one household (empty for 世帯連記式: everybody); `items` those that are hidden by default.
    """

    kind: CertificateKind
    atena_number: str
    request_kind: RequestKind
    identity_check: IdentityCheck
    covered: tuple[str, ...] = ()
    items: frozenset[Item] = frozenset()
    requester_name: str = ""
    requester_address: str = ""
    requester_relation: str = ""
    reason: str = ""
    copies: int = 1
    free_reason: str = ""
    acknowledged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Issued:
    """交付した証明書: the sheets of one order, the records they show, and the fee for all."""

    batch: uuid.UUID
    issue_numbers: tuple[str, ...]
    fee: int
    sheets: tuple[CertificateIssue, ...] = field(repr=False)
    rows: tuple[ResidentVersion, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Household:
    """世帯の今の記録, read once a request: whose certificate is asked for, who lives there, who is under a 支援措置.

    `living` is in the order of print.
    """

    asked: ResidentVersion = field(repr=False)
    living: tuple[ResidentVersion, ...] = field(repr=False)
    protected: frozenset[str] = field(repr=False)


def household_of(asked: ResidentVersion) -> Household:
    """世帯を読む: the living of the household of this record, and the protected among all of them."""
    rows = ResidentVersion.objects.filter(LIVING, household_number=asked.household_number)
    living = tuple(rows.order_by("household_order", "birth_date", "atena_number"))
    people = {asked.atena_number, *(row.atena_number for row in living)}
    return Household(asked, living, frozenset(protected_among(people)))


def issue_certificate(*, context: AccessContext, order: CertificateOrder, household: Household | None = None) -> Issued:
    """交付する: checks the request, numbers each copy and keeps the log; the PDF is `documents.make_certificate`.

    A person under a 支援措置 (or living with one) is refused in neutral words unless a supervisor lifted it just now,
    and never to a proxy or third party. `household`: as whoever calls has read it in this transaction (default: it is
    read here). Raises NeedsConfirmation for a letter that no font has, KokunenError
    otherwise; the refusal stands in the ledger.
    """
    try:
        with transaction.atomic(using=ALIAS):
            household = household or household_of(_asked(order))
            rows = _covered(order, household)
            check_request(order.request_kind, order.requester_name, order.identity_check, order.reason)
            check_kind(order.kind, rows, order.request_kind)
            check_items(order.items, order.request_kind, order.kind, order.reason)
            if not 1 <= order.copies <= MOST_COPIES:
                raise InputError(
                    f"通数は1から{MOST_COPIES}までです", "copies", "out_of_range", "通数を確認してください。"
                )
            lift = _refuse_protected(order, rows, household)
            check_letters(rows, order.acknowledged)
            return _write(context, order, rows, lift)
    except NeedsConfirmation:
        raise
    except KokunenError as refused:
        _refuse(context, order.atena_number, refused, str(order.kind))
        raise


def _refuse(context: AccessContext, atena_number: str, refused: KokunenError, kind: str) -> None:
    reason = "支援措置" if refused.code == "withheld" else refused.message
    record_refusal(
        context,
        dataset=DATASET_JA,
        reason=reason,
        atena_numbers=[atena_number],
        detail={"code": refused.code, "field": refused.field, "kind": kind},
    )


def _asked(order: CertificateOrder) -> ResidentVersion:
    asked: ResidentVersion | None = ResidentVersion.objects.filter(CURRENT, atena_number=order.atena_number).first()
    if asked is None:
        raise InputError("この宛名番号の住民票はありません", "atena_number", "not_found", "検索し直してください。")
    return asked


def _covered(order: CertificateOrder, household: Household) -> list[ResidentVersion]:
    """証明する人: the whole household in its print order, or those chosen of it."""
    asked = household.asked
    if order.kind == CertificateKind.HOUSEHOLD:
        if not asked.is_living:
            raise InputError(
                f"{asked.name}さんは除票になっています", "kind", "inconsistent", "除票の写しを選んでください。"
            )
        return list(household.living)
    numbers = order.covered or (order.atena_number,)
    if set(numbers) == {asked.atena_number}:
        return [asked]
    rows = ResidentVersion.objects.filter(CURRENT, atena_number__in=numbers, household_number=asked.household_number)
    found = list(rows.order_by("household_order", "birth_date", "atena_number"))
    if len(found) != len(set(numbers)):
        raise InputError("別の世帯の人が選ばれています", "covered", "inconsistent", "世帯ごとに請求してください。")
    single = (CertificateKind.REMOVED, CertificateKind.CODE_SLIP, CertificateKind.KOSEKI_ADDENDUM)
    if order.kind in single and len(found) > 1:
        raise InputError(
            "この証明書は1人ずつ交付します", "covered", "inconsistent", "証明する人を1人だけ選んでください。"
        )
    return found


def _refuse_protected(
    order: CertificateOrder, rows: Sequence[ResidentVersion], household: Household
) -> SupportLift | None:
    known = {household.asked.atena_number, *(row.atena_number for row in household.living)}
    others = {row.atena_number for row in rows} - known
    protected = set(household.protected) | (protected_among(others) if others else set())
    if not protected:
        return None
    lifts = {
        lift.atena_number: lift
        for lift in SupportLift.objects.filter(atena_number__in=protected, ends_at__gt=clock.now())
    }
    if order.request_kind not in _OWN_REQUESTS or protected - lifts.keys():
        raise NotAllowed(NEUTRAL, "", "withheld", "")
    return next(iter(lifts.values()))


def _write(
    context: AccessContext,
    order: CertificateOrder,
    rows: Sequence[ResidentVersion],
    lift: SupportLift | None,
    reissue_of: CertificateIssue | None = None,
) -> Issued:
    today, batch = clock.today(), uuid.uuid4()
    free = order.free_reason.strip() or ("公用" if order.request_kind == RequestKind.OFFICIAL else "")
    table: dict[str, int] = value_on("certificates/fees", today)
    fee = 0 if free else table[str(order.kind)]
    sheets = [
        CertificateIssue(
            issue_number=_next_number(context.office_code),
            batch=batch,
            kind=order.kind,
            issued_on=today,
            issued_at=clock.now(),
            staff_number=context.staff_number,
            office_code=context.office_code,
            terminal=context.terminal[:64],
            atena_number=order.atena_number,
            household_number=rows[0].household_number,
            versions=[f"{row.atena_number}:{row.version_number}" for row in rows],
            items=sorted(order.items),
            request_kind=order.request_kind,
            requester_name=order.requester_name.strip(),
            requester_address=order.requester_address.strip(),
            requester_relation=order.requester_relation.strip(),
            identity_check=order.identity_check,
            reason=order.reason.strip(),
            fee=fee,
            free_reason=free or ("" if fee else "手数料のない証明書"),
            reissue_of=reissue_of,
            lift=lift,
        )
        for _ in range(order.copies)
    ]
    CertificateIssue.objects.bulk_create(sheets)
    record(
        ALIAS,
        context,
        act=Act.PRINT,
        dataset=CertificateKind(order.kind).label,
        atena_numbers=[row.atena_number for row in rows],
        items=["基礎証明事項", *sorted(order.items)],
        serial=sheets[0].issue_number,
        detail={"copies": order.copies, "request": str(order.request_kind), "lifted": lift is not None},
    )
    numbers = tuple(sheet.issue_number for sheet in sheets)
    return Issued(batch, numbers, fee * order.copies, tuple(sheets), tuple(rows))


def _next_number(office_code: str) -> str:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select nextval('certificate_seq')")
        return f"{clock.today():%Y%m%d}-{office_code}-{int(cursor.fetchone()[0]):06d}"


def reissue_certificate(*, context: AccessContext, issue_id: int, reason: str) -> Issued:
    """再交付: a new number, the state of the first issue, no fee. The protection of today is looked at again."""
    first = CertificateIssue.objects.filter(pk=issue_id).first()
    if first is None:
        raise InputError(
            "この証明書の交付の記録がありません", "issue_id", "not_found", "交付簿から選び直してください。"
        )
    order = CertificateOrder(
        kind=CertificateKind(first.kind),
        atena_number=first.atena_number,
        request_kind=RequestKind(first.request_kind),
        identity_check=IdentityCheck(first.identity_check),
        items=frozenset(Item(item) for item in first.items),
        requester_name=first.requester_name,
        requester_address=first.requester_address,
        requester_relation=first.requester_relation,
        reason=reason,
        free_reason="再交付",
    )
    try:
        with transaction.atomic(using=ALIAS):
            if not reason.strip():
                raise InputError(
                    "再交付の理由が入力されていません", "reason", "missing_field", "紛失、汚損などを入力してください。"
                )
            rows = rows_of(first)
            return _write(context, order, rows, _refuse_protected(order, rows, household_of(rows[0])), first)
    except KokunenError as refused:
        _refuse(context, first.atena_number, refused, first.kind)
        raise


def rows_of(sheet: CertificateIssue) -> list[ResidentVersion]:
    """印刷する記録: the rows as they stood at the issue, in the order of the sheet."""
    keys = [(part.partition(":")[0], int(part.partition(":")[2])) for part in sheet.versions]
    found: dict[tuple[str, int], ResidentVersion] = {}
    for row in ResidentVersion.objects.filter(atena_number__in=[number for number, _ in keys]).order_by(
        "recorded_period"
    ):
        found.setdefault((row.atena_number, row.version_number), row)
    return [found[key] for key in keys]


def void_certificate(*, context: AccessContext, issue_id: int, reason: str) -> None:
    """廃棄 (書損): the sheet was not handed out; the number stays used and the fee is not counted."""
    sheet = CertificateIssue.objects.filter(pk=issue_id).first()
    try:
        if sheet is None:
            raise InputError("この証明書の交付の記録がありません", "issue_id", "not_found", "選び直してください。")
        if not reason.strip():
            raise InputError(
                "廃棄の理由が入力されていません", "reason", "missing_field", "印刷の汚れなどを入力してください。"
            )
        with transaction.atomic(using=ALIAS):
            if CertificateVoid.objects.filter(issue=sheet).exists():
                raise Conflict("この証明書は、すでに廃棄されています", "issue_id", "already_void", "")
            CertificateVoid.objects.create(
                issue=sheet, reason=reason.strip()[:200], staff_number=context.staff_number, voided_at=clock.now()
            )
            record(
                ALIAS,
                context,
                act=Act.CANCEL,
                dataset=DATASET_JA,
                atena_numbers=[sheet.atena_number],
                serial=sheet.issue_number,
                detail={"void": reason.strip()[:200]},
            )
    except KokunenError as refused:
        record_refusal(context, dataset=DATASET_JA, reason=refused.message)
        raise


def lift_support(*, context: AccessContext, atena_number: str, reason: str) -> SupportLift:
    """支援措置の一時解除: for some minutes certificates may go to the person at the counter; it returns by itself.

    By a responsible person only (`perms.SUPPORT_MANAGE` guards the screen). Not published, never sent to the kiosk.
    """
    try:
        if not reason.strip():
            raise InputError(
                "一時解除の理由が入力されていません", "lift_reason", "missing_field", "本人来庁などを入力してください。"
            )
        with transaction.atomic(using=ALIAS):
            if not protected_among([atena_number]):
                raise InputError("支援措置の対象者ではありません", "lift_reason", "not_found", "検索し直してください。")
            at = clock.now()
            lift = SupportLift.objects.create(
                atena_number=atena_number,
                reason=reason.strip()[:200],
                staff_number=context.staff_number,
                lifted_at=at,
                ends_at=at + LIFT_FOR,
            )
            record(
                ALIAS,
                context,
                act=Act.REGISTER,
                dataset="支援措置の一時解除",
                atena_numbers=[atena_number],
                detail={"until": lift.ends_at.isoformat(timespec="minutes"), "reason": lift.reason},
            )
        return lift
    except KokunenError as refused:
        record_refusal(context, dataset="支援措置の一時解除", reason=refused.message, atena_numbers=[atena_number])
        raise
