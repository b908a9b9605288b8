"""住登外管理の試験の材料: residents as the register publishes them, records as an officer enters them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kokunen.common_platform.integration.consuming import drain
from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.kernel.names import kana_sort_key, search_key, variant_key
from kokunen.ledger.access import AccessContext


def resident_row(number: str, **facts: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "atena_number": number, "status": "1", "resident_kind": "1", "name": "川口　太郎",
        "name_kana": "カワグチ　タロウ",
        "former_surname": "", "former_surname_kana": "", "kanji_name": "", "alias": "", "alias_kana": "",
        "birth_date": date(1985, 7, 14), "birth_text": "", "sex": "2", "relationship": "世帯主",
        "relationship_codes": "02", "household_number": "000000000000019", "head_atena_number": number,
        "head_name": "", "telephone": "", "resident_since": date(2020, 4, 1), "resident_since_text": "",
        "removed_on": None, "removed_text": "", "removal_code": "", "postal_code": "3320001", "town_id": "0001001",
        "address": "朝日一丁目１番１号", "building": "", "address_since": date(2020, 4, 1), "departure_code": "",
        "previous_address": "",
        "departure_on": None, "destination": "", "destination_abroad": False, "kana_alt_key": None,
        "alias_name_key": None, "alias_kana_key": None, "protected": False,
    }  # fmt: skip
    row.update(facts)
    row["name_key"], row["kana_key"] = variant_key(row["name"]), search_key(row["name_kana"])
    row["kana_sort"] = kana_sort_key(row["name_kana"])
    return row


def publish_resident(number: str, kind: str = "register", reason: str = "101", **facts: Any) -> dict[str, Any]:
    """住民記録の公開: the row as the register would publish it, with one change."""
    from kokunen.resident_registry.linkage import RESIDENT

    row = resident_row(number, **facts)
    with transaction.atomic(using="resident_registry"):
        publish("resident_registry", RESIDENT, [row], ChangeNote(kind, reason, row["removed_on"] or date(2026, 11, 20)))
    return row


def follow() -> None:
    """連携: the office takes what the register has published."""
    from kokunen.nonresident_registry.consumers import ResidentMoves

    drain(ResidentMoves())


def person(**facts: Any) -> dict[str, Any]:
    """住登外者の項目."""
    content: dict[str, Any] = {
        "name": "見本　七海", "name_kana": "ミホン　ナナミ", "sex": "2", "birth_date": date(1991, 11, 5),
        "prefecture": "埼玉県", "municipality": "戸田市", "town": "見本町一丁目", "lot": "２番３号", "reason": "01",
    }  # fmt: skip
    content.update(facts)
    return content


def registered(officer: AccessContext, **facts: Any) -> str:
    """住登外者を登録する: its 宛名番号."""
    from kokunen.nonresident_registry.services.records import register_record

    return register_record(context=officer, kind="1", content=person(**facts)).atena_number


def corporation(officer: AccessContext, **facts: Any) -> str:
    """法人を登録する: its 宛名番号."""
    from kokunen.nonresident_registry.services.records import register_record

    content = {"name": "株式会社見本", "name_kana": "ミホン", "town": "見本町１番", "reason": "09", **facts}
    return register_record(context=officer, kind="2", content=content).atena_number
