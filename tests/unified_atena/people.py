"""試験の材料: residents with checked numbers, as the other systems publish them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from tests.nonresident_registry.factories import publish_resident

from kokunen.common_platform.integration.consuming import drain
from kokunen.common_platform.integration.publishing import ChangeNote, publish

FIRST, SECOND, THIRD = "000000000000078", "000000001234560", "000009000000016"


def token(name: str) -> str:
    """符号 of a made-up number."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def bind(number: str, name: str, *, current: bool = True) -> None:
    """番号紐付の公開: a checked number (by its token) of a 宛名番号."""
    from kokunen.nonresident_registry.linkage import NUMBER_BINDING

    row = {"atena_number": number, "number_kind": "1", "number_token": token(name), "is_current": current}
    _publish("nonresident_registry", NUMBER_BINDING, row, "register" if current else "remove")


def merge(child: str, parent: str, *, current: bool = True) -> None:
    """名寄せの公開."""
    from kokunen.nonresident_registry.linkage import ATENA_LINK

    row = {
        "atena_number": child, "parent_atena_number": parent if current else "", "link_id": 1, "is_current": current,
    }  # fmt: skip
    _publish("nonresident_registry", ATENA_LINK, row, "register" if current else "remove")


def outsider(number: str, **facts: Any) -> None:
    """住登外者の公開."""
    from kokunen.nonresident_registry.linkage import NONRESIDENT

    row: dict[str, Any] = {
        "atena_number": number, "kind": "1", "status": "1", "reason": "01", "name": "見本　七海",
        "name_kana": "ミホン　ナナミ", "alias": "", "sex": "2", "birth_date": "1991-11-05", "birth_text": "",
        "postal_code": "", "municipality_code": "", "address": "埼玉県戸田市見本町１", "former_resident": False,
        "no_other_work": False, "ended_on": None,
    }  # fmt: skip
    _publish("nonresident_registry", NONRESIDENT, {**row, **facts}, "register")


def income(number: str, tax_year: int = 2026, **facts: Any) -> None:
    """所得情報の公開."""
    from kokunen.resident_tax.linkage import INCOME

    row = {"atena_number": number, "tax_year": tax_year, "state": "1", "total_income": 2_000_000, **facts}
    _publish("resident_tax", INCOME, row, "register")


def resident(number: str, held: str | None = None, /, **facts: Any) -> None:
    """住民と、確認済みの番号."""
    publish_resident(number, **facts)
    if held is not None:
        bind(number, held)


def follow() -> None:
    """庁内連携を受け取る."""
    from kokunen.unified_atena.consumers import CityFollower

    drain(CityFollower())


def unified(number: str) -> str | None:
    """団体内統合宛名番号 of a 宛名番号."""
    from kokunen.unified_atena.queries import unified_number_of

    return unified_number_of(number)


def _publish(using: str, dataset: Any, row: dict[str, Any], kind: str) -> None:
    with transaction.atomic(using=using):
        publish(using, dataset, [row], ChangeNote(kind))
