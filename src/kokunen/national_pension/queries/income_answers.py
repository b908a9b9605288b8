"""所得情報の提供の照会: files that were answered, latest first, and the answer as it went out."""

from __future__ import annotations

from django.db import transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension.models import IncomeRequestFile
from kokunen.national_pension.queries.common import USING


def request_files(limit: int = 50) -> list[IncomeRequestFile]:
    """依頼の一覧 (counts only, nobody's data)."""
    return list(IncomeRequestFile.objects.defer("answer").order_by("-id")[:limit])


def answer_of(file_id: int, *, context: AccessContext) -> tuple[bytes, str]:
    """回答ファイル and its name; each time it is taken out stands in the ledger."""
    found = IncomeRequestFile.objects.filter(pk=file_id).first()
    if found is None:
        raise InputError("この依頼はありません", field="file", code="not_found", hint="一覧を開き直してください。")
    with transaction.atomic(using=USING):
        record(
            USING,
            context.for_case(f"I{found.pk}"),
            act=Act.EXPORT,
            dataset="所得情報の回答ファイル",
            items=("R10 所得情報",),
            count=found.requests,
            detail={"sha256": found.answer_sha256},
        )
    return bytes(found.answer), f"income-answer-{found.pk}.csv"
