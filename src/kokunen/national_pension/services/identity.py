"""本人確認 (番号法16条): no acceptance without it; an agent is checked thrice, a protected person with extra care.

What was shown and that it fitted is recorded; never a picture, never the number on the document.
"""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.kernel.errors import InputError, NotAllowed
from kokunen.national_pension.choices import Filer, IdentityDocument
from kokunen.national_pension.resident_view import Resident

POWER_OF_ATTORNEY = "委任状"


def check_identity(
    resident: Resident,
    *,
    document: str,
    filer: Filer,
    attachments: Sequence[str],
    protection_confirmed: bool,
) -> None:
    """本人確認を確かめる: InputError when it was not done, NotAllowed for a protected person without the extra look."""
    if not document:
        raise InputError(
            "本人確認が済んでいないため受理できません",
            field="identity_document",
            code="missing_field",
            hint="確認した書類を選んでください。",
        )
    if document not in IdentityDocument.values:
        raise InputError("本人確認書類の種類が正しくありません", field="identity_document")
    if filer == Filer.AGENT and not any(POWER_OF_ATTORNEY in one for one in attachments):
        raise InputError(
            "代理人による届出には、委任状・代理人の本人確認・本人の番号確認の3つが必要です",
            field="attachments",
            code="missing_field",
            hint="委任状を確認し、添付書類に加えてください。",
        )
    if resident.protected and not protection_confirmed:
        raise NotAllowed(
            "支援措置の対象の方です。届出人が本人であることを特に確認してください",
            field="protection_confirmed",
            code="protected",
            hint="係長に報告のうえ、確認済みの欄に印を付けてください。住所は話さないでください。",
        )
