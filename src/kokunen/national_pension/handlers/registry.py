"""届書の処理の登録: which form has a handler of its own. One line a form."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from kokunen.national_pension.choices import NoticeKind

if TYPE_CHECKING:
    from kokunen.national_pension.handlers.base import Handler

# form → module of `handlers` and class; imported when first needed, so that a handler may use any service
OWN: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.ADDITIONAL: ("additional", "AdditionalPremiumHandler"),
    NoticeKind.NUMBER_NOTICE: ("number_notice", "NumberNoticeHandler"),
    NoticeKind.OLD_AGE: ("claims", "ClaimHandler"),
    NoticeKind.DISABILITY: ("claims", "ClaimHandler"),
    NoticeKind.SURVIVOR: ("claims", "ClaimHandler"),
    NoticeKind.WIDOW: ("claims", "ClaimHandler"),
    NoticeKind.DEATH_LUMP_SUM: ("claims", "ClaimHandler"),
    NoticeKind.UNPAID: ("claims", "ClaimHandler"),
    NoticeKind.SPECIAL_DISABILITY: ("claims", "ClaimHandler"),
    NoticeKind.OLD_AGE_WELFARE: ("claims", "ClaimHandler"),
    NoticeKind.SUPPLEMENT: ("claims", "ClaimHandler"),
    NoticeKind.EXEMPTION: ("exemptions", "GeneralHandler"),
    NoticeKind.EXEMPTION_END: ("exemptions", "CancellationHandler"),
    NoticeKind.STUDENT: ("exemptions", "StudentHandler"),
    NoticeKind.STATUTORY: ("exemptions", "StatutoryHandler"),
    NoticeKind.MATERNITY: ("exemptions", "MaternityHandler"),
    NoticeKind.CHILDCARE: ("exemptions", "ChildcareHandler"),
}


@lru_cache(maxsize=len(NoticeKind))
def handler_of(kind: NoticeKind | str) -> Handler:
    """届書の処理: the form's own, or the common one."""
    module, name = OWN.get(NoticeKind(kind), ("base", "Handler"))
    handler: Handler = getattr(import_module(f"kokunen.national_pension.handlers.{module}"), name)()
    return handler
