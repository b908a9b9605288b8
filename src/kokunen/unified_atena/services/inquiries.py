"""情報照会: works of the city ask by 宛名番号 and get the answer by 宛名番号 (0320001, 0320004)."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError, KokunenError, NotAllowed
from kokunen.kernel.numbers import AtenaNumber, MunicipalityCode
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal
from kokunen.unified_atena.choices import Interface
from kokunen.unified_atena.kinds import kinds, works
from kokunen.unified_atena.models import ALIAS, AtenaLink, Inquiry
from kokunen.unified_atena.services.items import ask as ask_for

DATASET_JA = "情報照会"


def ask(
    *, context: AccessContext, work_id: str, atena_number: str, body_code: str, kind: str, record_key: str = ""
) -> Inquiry:
    """情報照会を求める. Raises NotAllowed for a work that may not ask (国民年金 never may), InputError for the rest."""
    try:
        with transaction.atomic(using=ALIAS):
            _may(work_id, kind)
            number = AtenaNumber.parse(atena_number, lenient=True, field="atena_number").value
            body = MunicipalityCode.parse(body_code, field="body_code").value
            link = AtenaLink.objects.filter(atena_number=number, ended_at__isnull=True).first()
            if link is None:
                raise InputError(
                    "この宛名番号には団体内統合宛名番号がありません",
                    "atena_number",
                    "not_linked",
                    "個人番号の真正性が確認されているか、紐付が保留になっていないかを確かめてください。",
                )
            at = clock.now()
            row = Inquiry.objects.create(
                work_id=work_id, atena_number=number, unified_number=link.person_id, body_code=body, kind=kind,
                record_key=record_key, asked_at=at, asked_by=context.staff_number,
            )  # fmt: skip
            ask_for(Interface.INQUIRY, [(link.person_id, kind, str(row.pk))], at)
            record(ALIAS, context, act=Act.REGISTER, dataset=DATASET_JA, atena_numbers=[number],
                   items=[kinds()[kind].label], detail={"work": work_id, "body": body, "inquiry": row.pk})  # fmt: skip
    except KokunenError as refused:
        detail = {"work": work_id, "code": refused.code}
        record_refusal(context, dataset=DATASET_JA, reason=refused.message, detail=detail)
        raise
    return row


def _may(work_id: str, kind: str) -> None:
    work = works().get(work_id)
    if work_id == settings.PENSION_WORK_ID or work is None:
        raise NotAllowed(
            "この業務では、情報提供ネットワークシステムによる照会はできません",
            "work_id",
            "not_allowed",
            "照会できる業務と種類は、番号法と評価書に定めがあるものに限られます。",
        )
    if kind not in work.kinds:
        raise NotAllowed(f"{work.label}では、この種類の特定個人情報を照会できません", "kind", "not_allowed")


def find_answers(*, context: AccessContext, work_id: str, atena_number: str) -> list[Inquiry]:
    """照会の結果 of this work about a 宛名番号, newest first; the 団体内統合宛名番号 is not handed out."""
    with transaction.atomic(using=ALIAS):
        if work_id == settings.PENSION_WORK_ID or work_id not in works():
            raise NotAllowed("この業務の情報照会はありません", "work_id", "not_allowed")
        found = Inquiry.objects.filter(work_id=work_id, atena_number=atena_number).defer("unified_number")
        rows = list(found.order_by("-pk")[:50])
        record(ALIAS, context, act=Act.VIEW, dataset=DATASET_JA, atena_numbers=[atena_number],
               items=sorted({kinds()[row.kind].label for row in rows}))  # fmt: skip
    return rows
