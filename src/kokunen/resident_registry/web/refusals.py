"""入力の誤りによる拒否: what a form refuses stands in the ledger as much as what a service refuses."""

from __future__ import annotations

from collections.abc import Sequence

from django.forms import BaseForm

from kokunen.common_platform.portal.web.access import StaffRequest
from kokunen.ledger.recording import record_refusal


def record_wrong_input(request: StaffRequest, form: BaseForm, atena_numbers: Sequence[str], title: str = "") -> bool:
    """入力の検査: True when the form holds; else the refusal is recorded, with fields and reasons.

    Never what was typed: it may be a number.
    """
    if form.is_valid():
        return True
    fields = {name: [str(one.code or "") for one in errors] for name, errors in form.errors.as_data().items()}
    record_refusal(
        request.access_context,
        dataset="証明書",
        reason=f"{title or getattr(form, 'title', '証明書')}の入力の誤り",
        atena_numbers=list(atena_numbers),
        detail={"fields": fields},
    )
    return False
