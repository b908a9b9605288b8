"""宛先 (住民記録): addressees for labels, from the register, in one read; nobody under a 支援措置."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from kokunen.common_platform.portal.labels import Addressee, register_addressees
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry import perms


def addressees(numbers: Sequence[str], context: AccessContext) -> Mapping[str, Addressee | str]:
    """宛先: name and address of living residents; for others the reason in words."""
    from kokunen.resident_registry.models import ResidentVersion
    from kokunen.resident_registry.models.resident import CURRENT
    from kokunen.resident_registry.queries import view_of

    with transaction.atomic(using="resident_registry"):
        rows = ResidentVersion.objects.filter(CURRENT, atena_number__in=list(numbers))
        found: dict[str, Addressee | str] = {}
        for view in view_of(rows, perms.sight_of(())):
            row = view.row
            if view.protected:
                found[row.atena_number] = "支援措置の対象です。係長に相談してください"
            elif row.status != "1":
                found[row.atena_number] = "住民ではありません"
            else:
                found[row.atena_number] = Addressee(row.postal_code, row.address, row.name)
        shown = [number for number, one in found.items() if isinstance(one, Addressee)]
        record(
            "resident_registry",
            context,
            act=Act.PRINT,
            dataset="宛名ラベル",
            atena_numbers=shown,
            items=["氏名", "住所"],
        )
    return found


register_addressees(
    "resident_registry", "住民票の住所", permission=perms.RESIDENT_VIEW, purpose="resident_notice", lookup=addressees
)
