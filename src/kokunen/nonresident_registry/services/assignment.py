"""住登外者宛名番号付番 (標準 0310001, 0310004, 0310023, 0310024): what the API does once its request is well formed.

処理区分 0 draws a new number, 1 registers the received number as a former resident's, 2 only adds the asking work to
the record. A repeat after a failed call draws a new number: the standard knows no key of the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.nonresident_registry.choices import AtenaKind, LinkState, NumberKind, NumberSource, Reason
from kokunen.nonresident_registry.models import ALIAS, AtenaVersion
from kokunen.nonresident_registry.services.assignment_fields import CORRELATION, judge
from kokunen.nonresident_registry.services.merging import ask_link
from kokunen.nonresident_registry.services.numbers import register_number
from kokunen.nonresident_registry.services.records import add_use, register_record
from kokunen.nonresident_registry.services.writing import DATASET_JA, current_row, one_change

_COLUMNS = {
    "shimei_gaikokujinromaji": "roman_name", "shimei_gaikokujinkanji": "kanji_name", "tsusho": "alias",
    "tsusho_furigana": "alias_kana", "seibetsu": "sex", "seinengappi_fushohyoki": "birth_text",
    "jusho_shikuchosonkodo": "municipality_code", "jusho_choazakodo": "town_code",
    "shiteitoshi_gyoseikutokodo": "ward_code", "jusho_todofuken": "prefecture",
    "jusho_shikugunchosonmei": "municipality", "jusho_choaza": "town", "jusho_banchigohyoki": "lot",
    "jusho_katagaki": "building", "jusho_katagaki_furigana": "building_kana", "jusho_yubinbango": "postal_code",
    "jusho_kokumeikodo": "country_code", "jusho_kokumeito": "country", "jusho_kokugaijusho": "foreign_address",
}  # fmt: skip


class AssignmentErrors(Exception):
    """項目の誤り: every mistake as {code, message}, for the answer 400."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(", ".join(error["code"] for error in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Assigned:
    """付番の結果."""

    atena_number: str
    history_number: int


def assign(*, context: AccessContext, sent: Mapping[str, Any]) -> Assigned:
    """付番する. Raises AssignmentErrors for what the caller must put right; all of it or nothing."""
    errors = judge(sent)
    if errors:
        raise AssignmentErrors(errors)
    try:
        with transaction.atomic(using=ALIAS):
            row = _use_existing(context, sent) if sent["shorikubun"] == "2" else _register(context, sent)
            if sent["nayosemotofuragu"] == "1" and sent["shorikubun"] != "2":
                _ask_merge(context, row.atena_number, str(sent["nayosesakiatenabango"]))
    except (InputError, Conflict) as refused:
        # the official file names no code for contradictions with what is registered: E0004 is the nearest
        raise AssignmentErrors(
            [{"code": CORRELATION, "message": f"{refused.message.removesuffix('。')}。"}]
        ) from refused
    return Assigned(row.atena_number, row.history_number)


def _register(context: AccessContext, sent: Mapping[str, Any]) -> AtenaVersion:
    taken = str(sent["atenabango"]) if sent["shorikubun"] == "1" else ""
    row = register_record(
        context=context,
        kind=AtenaKind.INDIVIDUAL,
        content=_content(sent),
        takes_over=taken,
        work_id=str(sent.get("gyomuid") or "000"),
        system_id=str(sent.get("dokujishisakushisutemutoid") or "000"),
    )
    if sent.get("kojinbango"):
        register_number(
            context=context,
            atena_number=row.atena_number,
            number=str(sent["kojinbango"]),
            number_kind=NumberKind.INDIVIDUAL,
            source=NumberSource.PERSON,
        )
    return row


def _use_existing(context: AccessContext, sent: Mapping[str, Any]) -> AtenaVersion:
    """処理区分 2: only the 業務ID of the record is updated, no data of the person."""
    number = str(sent["atenabango"])
    with one_change(context, DATASET_JA, [number]):
        row = current_row(number)
        if row is None:
            raise InputError("宛名番号が登録されていません", "atenabango", "not_found")
        add_use(number, str(sent.get("gyomuid") or "000"), str(sent.get("dokujishisakushisutemutoid") or "000"))
        record(ALIAS, context, act=Act.CORRECT, dataset=DATASET_JA, atena_numbers=[number], items=["業務ID"])
    return row


def _ask_merge(context: AccessContext, child: str, parent: str) -> None:
    link = ask_link(context=context, parent=parent, child=child, reason="業務システムからの名寄せの申出")
    assert link.state == LinkState.ASKED


def _content(sent: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {column: sent[name] for name, column in _COLUMNS.items() if sent.get(name)}
    family, given = sent.get("uji_nihonjin"), sent.get("na_nihonjin")
    content["name"] = sent.get("shimei") or (f"{family}　{given}" if family else "")
    kana = sent.get("shimei_furigana")
    if not kana and sent.get("uji_nihonjin_furigana"):
        kana = f"{sent['uji_nihonjin_furigana']}　{sent.get('na_nihonjin_furigana', '')}".strip()
    content["name_kana"] = kana or ""
    content["alias_kana_confirmed"] = sent.get("tsusho_furiganakakuninjokyo") == "1"
    content["birth_date"] = date.fromisoformat(sent["seinengappi"]) if sent.get("seinengappi") else None
    content["no_other_work"] = sent["tagyomusanshofukafuragu"] == "1"
    content["reason"] = Reason.MOVED_OUT if sent["shorikubun"] == "1" else Reason.OTHER
    return content
