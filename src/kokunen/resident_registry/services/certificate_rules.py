"""証明書の規則 (住基法12条-12条の4, 15条の4): which items whoever asks may have, which kind fits which record.

Hidden by default (法12条5項): 世帯主・続柄, 戸籍の表示, 個人番号, 住民票コード, 国民年金の資格 (7条11号), and for
foreign residents what SPEC 5.1 lets leave out.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from kokunen.kernel.errors import InputError
from kokunen.kernel.text import unregistered_letters, with_geta
from kokunen.resident_registry.choices import CertificateKind, EventCode, IdentityCheck, RequestKind
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.services.notice import Alert, NeedsConfirmation


class Item(StrEnum):
    """特に請求がなければ省略する項目."""

    HEAD = "head"
    KOSEKI = "koseki"
    INDIVIDUAL_NUMBER = "individual_number"
    RESIDENT_CODE = "resident_code"
    NATIONALITY = "nationality"
    RESIDENCE = "residence"
    CARD_NUMBER = "card_number"
    PENSION = "pension"


ITEM_JA: dict[Item, str] = {
    Item.HEAD: "世帯主・続柄",
    Item.KOSEKI: "本籍・筆頭者",
    Item.INDIVIDUAL_NUMBER: "個人番号",
    Item.RESIDENT_CODE: "住民票コード",
    Item.NATIONALITY: "国籍・地域",
    Item.RESIDENCE: "在留資格・在留期間等",
    Item.CARD_NUMBER: "在留カード等の番号",
    Item.PENSION: "国民年金の資格（行政欄）",
}
_OWN = frozenset(Item)
_NEVER = frozenset({Item.INDIVIDUAL_NUMBER, Item.RESIDENT_CODE})
#: 請求の区分ごとに記載できる項目.
ALLOWED: dict[RequestKind, frozenset[Item]] = {
    RequestKind.SELF: _OWN,
    RequestKind.SAME_HOUSEHOLD: _OWN,
    RequestKind.PROXY: _OWN - _NEVER,
    RequestKind.THIRD_PARTY: frozenset({Item.HEAD, Item.KOSEKI}),
    RequestKind.OFFICIAL: _OWN - _NEVER,
    RequestKind.OFFICE: _OWN,
}
_WHY_NOT = {
    RequestKind.PROXY: "代理人には窓口で渡せません。本人の住所へ郵送する扱いにしてください。",
    RequestKind.THIRD_PARTY: "第三者の請求では基礎証明事項のほか、必要を示した世帯主・続柄、本籍・筆頭者だけです。",
    RequestKind.OFFICIAL: "公用の請求では記載できません。",
}
#: 個人番号と行政欄を記載できる証明書 (法12条; 除票 and others never).
_FULL = frozenset({CertificateKind.PERSON, CertificateKind.HOUSEHOLD, CertificateKind.STATEMENT})
_REASON_NEEDED = frozenset({RequestKind.THIRD_PARTY, RequestKind.OFFICIAL})
_NAMED = frozenset({RequestKind.PROXY, RequestKind.THIRD_PARTY, RequestKind.OFFICIAL})
_BY_DEPARTURE = {EventCode.MOVE_OUT: CertificateKind.MOVE_OUT, EventCode.LATE_MOVE_OUT: CertificateKind.MOVE_OUT_LIKE}
#: 登録されていない文字の注意の符号.
UNREGISTERED = "unregistered_letter"
LOCAL_DOMICILE = ("埼玉県川口市", "川口市")


def check_items(
    items: Collection[Item], request: RequestKind, kind: CertificateKind, reason: str, *, field: str = "items"
) -> None:
    """記載する項目の検査: raises InputError at the field for an item this asker may not have."""
    refused = [item for item in Item if item in items and item not in ALLOWED[request]]
    if kind == CertificateKind.REMOVED and Item.RESIDENT_CODE in items:
        refused.append(Item.RESIDENT_CODE)
    refused += [item for item in (Item.INDIVIDUAL_NUMBER, Item.PENSION) if item in items and kind not in _FULL]
    if refused:
        hint = (
            _WHY_NOT.get(request, "この証明書には記載できません。")
            if refused[0] not in ALLOWED[request]
            else ("この証明書には記載できません。")
        )
        raise InputError(f"「{ITEM_JA[refused[0]]}」は記載できません", field, "not_allowed", hint)
    if items and request == RequestKind.THIRD_PARTY and len(reason.strip()) < 2:
        raise InputError(
            "項目を記載する必要が示されていません",
            "reason",
            "missing_field",
            "請求の理由と、その項目が必要な理由を入力してください。",
        )

    if Item.INDIVIDUAL_NUMBER in items and len(reason.strip()) < 2:
        raise InputError(
            "個人番号を記載する目的が入力されていません",
            "reason",
            "missing_field",
            "番号法が定める手続の提出先かどうかを確かめ、使う目的と提出先を入力してください。",
        )


def check_letters(rows: Collection[ResidentVersion], acknowledged: Collection[str]) -> None:
    """登録されていない文字（外字）: an alert (SPEC 5.6), since the sheet shows 〓 and the officer writes by hand."""
    for row in rows:
        found = unregistered_letters(letters_of(row))
        if found and UNREGISTERED not in acknowledged:
            message = (
                f"{with_geta(row.name)}さんの記録に、登録されていない文字が{len(found)}字あります。"
                "証明書では〓になります。印刷した後に手書きで補い、公印を押してください"
            )
            raise NeedsConfirmation([Alert(UNREGISTERED, message, "kind")])


def letters_of(row: ResidentVersion) -> str:
    """証明書に刷る文字: everything of the record that a font has to have."""
    return "".join(str(getattr(row, name)) for name in _PRINTED)


_PRINTED = ("name", "alias", "kanji_name", "former_surname", "head_name", "town", "lot", "building",
            "previous_address", "registered_domicile", "registered_domicile_head", "planned_destination",
            "confirmed_destination")  # fmt: skip


def check_request(request: RequestKind, name: str, identity: IdentityCheck, reason: str) -> None:
    """請求者の検査: identity is always shown at the counter, a third party and an office say what for."""
    if request in _NAMED and not name.strip():
        raise InputError(
            "請求者の氏名が入力されていません", "requester_name", "missing_field", "請求書のとおりに入力してください。"
        )
    if request != RequestKind.OFFICE and identity == IdentityCheck.NOT_NEEDED:
        raise InputError(
            "本人確認が選ばれていません", "identity_check", "missing_field", "窓口に来た人の書類を確認してください。"
        )
    if request in _REASON_NEEDED and not reason.strip():
        raise InputError(
            "請求の理由が入力されていません", "reason", "missing_field", "利用の目的を明らかにしてもらってください。"
        )


def check_kind(kind: CertificateKind, rows: Collection[ResidentVersion], request: RequestKind) -> None:
    """証明書の種類と記録の検査."""
    for row in rows:
        problem = _problem(kind, row)
        if problem:
            raise InputError(problem, "kind", "inconsistent", "証明書の種類を選び直してください。")
    if kind == CertificateKind.CODE_SLIP and request not in (RequestKind.SELF, RequestKind.OFFICE):
        raise InputError(
            "住民票コード通知票は本人だけに交付します", "request_kind", "not_allowed", "本人の住所へ郵送してください。"
        )


def _problem(kind: CertificateKind, row: ResidentVersion) -> str:
    departure = EventCode(row.departure_code) if row.departure_code else None
    if kind == CertificateKind.REMOVED:
        return f"{row.name}さんは住民です。除票ではありません" if row.is_living else ""
    if kind in (CertificateKind.MOVE_OUT, CertificateKind.MOVE_OUT_LIKE):
        if departure is None or row.destination_kind == "2":
            return f"{row.name}さんには国内への転出の届出がありません"
        if departure == EventCode.SPECIAL_MOVE_OUT:
            return f"{row.name}さんは特例転出のため、転出証明書は交付しません"
        return "" if _BY_DEPARTURE.get(departure) == kind else f"{row.name}さんの転出には、この証明書は使えません"
    if kind == CertificateKind.KOSEKI_ADDENDUM:
        local = row.registered_domicile.startswith(LOCAL_DOMICILE)
        return "" if local else f"{row.name}さんの本籍は川口市にありません。附票は本籍地の市区町村が交付します"
    if not row.is_living:
        return f"{row.name}さんは除票になっています。除票の写しを選んでください"
    if kind == CertificateKind.CODE_SLIP and not row.resident_code:
        return f"{row.name}さんには住民票コードがまだ記載されていません"
    return ""
