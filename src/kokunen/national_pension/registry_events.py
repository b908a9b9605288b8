"""異動事由の意味: what each 異動事由 of the resident registry means for the pension section.

A move inside Japan changes the city's roll only (R8: 国内の転入・転出・転居で資格は変わらない). Moving abroad,
arriving from abroad and death are facts of the law; name, address and nationality are notices to the Service;
cancellations undo what the first event caused. What an event suggests besides (「あわせて確認」) is named by code and
worded in `advice.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.national_pension.choices import WorkKind

CANCELLATIONS = ("191", "291", "391", "901")


@dataclass(frozen=True, slots=True)
class Meaning:
    """意味: roll move (T4), fact of the law, the item to put before an officer, and the advice that goes with it.

    `from_counter`: the pension note may be attached to this very notice (国民年金法12条3項).
    """

    reason_code: str
    name: str
    move_code: str
    fact: str = ""
    work: WorkKind | None = None
    advice: tuple[str, ...] = ()
    from_counter: bool = False


_MEANINGS = (
    Meaning("101", "転入（国内）", "01"),
    Meaning("102", "特例転入", "01"),
    Meaning(
        "103",
        "転入（国外）",
        "01",
        "enter_japan",
        WorkKind.ACQUISITION_ABROAD,
        ("exemption", "additional", "premium_payment"),
        True,
    ),
    Meaning("104", "未届転入", "01"),
    Meaning(
        "105",
        "法30条の46転入（中長期在留者等）",
        "01",
        "enter_japan",
        WorkKind.ACQUISITION_ABROAD,
        ("foreign_leaflet", "excluded_check", "exemption", "lump_sum_withdrawal"),
        True,
    ),
    Meaning(
        "106",
        "法30条の47届出",
        "10",
        "enter_japan",
        WorkKind.ACQUISITION_ABROAD,
        ("foreign_leaflet", "excluded_check", "exemption"),
        True,
    ),
    Meaning("112", "住所設定", "06"),
    Meaning("113", "職権記載", "06"),
    Meaning("114", "帰化・国籍取得", "10", work=WorkKind.NATIONALITY),
    Meaning("115", "国籍喪失", "10", work=WorkKind.NATIONALITY),
    Meaning("116", "職権回復", "06"),
    Meaning("201", "転出（国内）", "02"),
    Meaning("202", "特例転出", "02"),
    Meaning(
        "203",
        "転出（国外）",
        "02",
        "leave_japan",
        WorkKind.LOSS_ABROAD,
        ("voluntary_abroad", "exemption_ends", "lump_sum_withdrawal"),
        True,
    ),
    Meaning("204", "転出（職権）", "02"),
    Meaning(
        "211",
        "死亡",
        "05",
        "death",
        WorkKind.LOSS_DEATH,
        ("survivor_basic", "widow", "death_lump_sum", "unpaid_pension"),
        False,
    ),
    Meaning("212", "失踪宣告", "07", work=WorkKind.REMOVED),
    Meaning("213", "職権消除（実態調査）", "07", work=WorkKind.REMOVED),
    Meaning("216", "在留資格喪失等", "07", work=WorkKind.REMOVED),
    Meaning("301", "転居", "03", work=WorkKind.ADDRESS, from_counter=True),
    Meaning("302", "住所変更（軽微）", "03"),
    Meaning("311", "世帯分離", "09"),
    Meaning("312", "世帯合併", "09"),
    Meaning("313", "世帯変更", "09"),
    Meaning("314", "世帯主変更", "09"),
    Meaning("321", "氏名等の職権修正", "08", work=WorkKind.NAME),
    Meaning("322", "軽微な修正", "08"),
    Meaning("323", "誤記修正", "08", work=WorkKind.BIRTH_SEX),
    Meaning("324", "在留情報変更", "10"),
    Meaning("341", "旧氏記載", "08"),
    Meaning("342", "旧氏変更", "08"),
    Meaning("343", "旧氏削除", "08"),
    Meaning("344", "通称記載", "08"),
    Meaning("345", "通称削除", "08"),
    Meaning("346", "振り仮名記載", "08", work=WorkKind.NAME),
    Meaning("347", "振り仮名修正", "08", work=WorkKind.NAME),
    Meaning("902", "転入通知受理", "02"),
    Meaning("191", "異動取消（増）", "11"),
    Meaning("291", "異動取消（減）", "11"),
    Meaning("391", "異動取消（修正）", "11"),
    Meaning("901", "転出取消", "11"),
)

MEANINGS: dict[str, Meaning] = {meaning.reason_code: meaning for meaning in _MEANINGS}


def meaning_of(reason_code: str | None) -> Meaning | None:
    """意味: None for an event that does not concern the section (birth, numbers, reissue of a sheet, first loading)."""
    return MEANINGS.get(reason_code or "")
