"""表の定義: every table of the city, its columns in order, their types and what they mean.

``TABLES`` may be loaded. ``TRUTH`` says what was planted and what will happen; it is written into a folder of its
own and is never loaded.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kokunen.city.frames import MOMENT

Shape = Mapping[str, tuple[pl.DataType, str]]
"""表の形: column name -> (type, meaning)."""

TEXT, DAY, FLAG = pl.String(), pl.Date(), pl.Boolean()
SMALL, INT, YEN = pl.Int16(), pl.Int32(), pl.Int64()

TABLES: dict[str, Shape] = {
    # 世帯
    "households": {
        "household_number": (TEXT, "世帯番号"),
        "formed_on": (DAY, "世帯のできた日"),
        "ended_on": (DAY, "世帯のなくなった日"),
        "head_atena_number": (TEXT, "世帯主の宛名番号"),
        "members": (SMALL, "現在の人数"),
        "town_id": (TEXT, "町字ID"),
        "address": (TEXT, "住所"),
    },
    # 住民票の版（1版1行、現在と除票）
    "persons": {
        "atena_number": (TEXT, "宛名番号"),
        "history_number": (INT, "履歴番号"),
        "household_number": (TEXT, "世帯番号"),
        "valid_from": (DAY, "有効期間の初日"),
        "valid_to": (DAY, "有効期間の翌日（空は現在まで）"),
        "recorded_from": (MOMENT, "記録日時"),
        "event_code": (TEXT, "異動事由"),
        "event_on": (DAY, "異動日"),
        "notified_on": (DAY, "届出日"),
        "state": (TEXT, "住民状態 current/removed"),
        "resident_kind": (TEXT, "住民種別 japanese/foreign"),
        "sex": (TEXT, "性別 1男2女"),
        "birth_date": (DAY, "生年月日"),
        "name": (TEXT, "氏名"),
        "family_name": (TEXT, "氏"),
        "given_name": (TEXT, "名"),
        "kana": (TEXT, "氏名の振り仮名"),
        "family_kana": (TEXT, "氏の振り仮名"),
        "given_kana": (TEXT, "名の振り仮名"),
        "kanji_name": (TEXT, "漢字氏名（外国人）"),
        "kana_key": (TEXT, "カナ検索キー"),
        "kana_alt_key": (TEXT, "カナ検索キー（長音を母音に）"),
        "name_key": (TEXT, "漢字検索キー（異体字類）"),
        "kanji_name_key": (TEXT, "漢字氏名の検索キー"),
        "kana_sort": (TEXT, "五十音順キー"),
        "kana_status": (TEXT, "振り仮名の公証 certified/uncertified"),
        "former_family_name": (TEXT, "旧氏"),
        "former_family_kana": (TEXT, "旧氏の振り仮名"),
        "alias": (TEXT, "通称"),
        "alias_kana": (TEXT, "通称の振り仮名"),
        "alias_kana_key": (TEXT, "通称のカナ検索キー"),
        "alias_name_key": (TEXT, "通称の漢字検索キー"),
        "former_kana_key": (TEXT, "旧氏＋名のカナ検索キー"),
        "former_name_key": (TEXT, "旧氏＋名の漢字検索キー"),
        "relation": (TEXT, "続柄"),
        "relation_codes": (TEXT, "続柄コード（世帯主の側から、ハイフンつなぎ）"),
        "order_in_household": (SMALL, "世帯内の順"),
        "head_atena_number": (TEXT, "世帯主の宛名番号"),
        "head_name": (TEXT, "世帯主の氏名"),
        "father_atena_number": (TEXT, "父の宛名番号"),
        "mother_atena_number": (TEXT, "母の宛名番号"),
        "spouse_atena_number": (TEXT, "配偶者の宛名番号"),
        "municipality_code": (TEXT, "全国地方公共団体コード"),
        "town_id": (TEXT, "町字ID"),
        "town": (TEXT, "町字"),
        "lot": (TEXT, "番地号"),
        "building": (TEXT, "方書"),
        "postal_code": (TEXT, "郵便番号"),
        "address": (TEXT, "住所"),
        "became_resident_on": (DAY, "住民となった日（外国人は外国人住民となった日）"),
        "address_set_on": (DAY, "住所を定めた日"),
        "previous_address": (TEXT, "従前の住所"),
        "previous_municipality_code": (TEXT, "従前の住所の団体コード"),
        "destination": (TEXT, "転出先"),
        "destination_municipality_code": (TEXT, "転出先の団体コード"),
        "removed_on": (DAY, "消除日"),
        "honseki": (TEXT, "本籍"),
        "koseki_head": (TEXT, "筆頭者"),
        "nationality_code": (TEXT, "国籍・地域コード"),
        "nationality": (TEXT, "国籍・地域"),
        "residence_class": (TEXT, "法30条の45の区分"),
        "residence_status": (TEXT, "在留資格"),
        "residence_period": (TEXT, "在留期間"),
        "residence_card_number": (TEXT, "在留カード等の番号"),
        "stay_expires_on": (DAY, "在留期間の満了の日"),
    },
    # 氏名の履歴（検索用）
    "person_names": {
        "atena_number": (TEXT, "宛名番号"),
        "kind": (TEXT, "氏名の種類 name/kanji/alias/former"),
        "name": (TEXT, "氏名"),
        "kana": (TEXT, "氏名の振り仮名"),
        "valid_from": (DAY, "有効期間の初日"),
        "kana_key": (TEXT, "カナ検索キー"),
        "kana_alt_key": (TEXT, "カナ検索キー（長音を母音に）"),
        "name_key": (TEXT, "漢字検索キー（異体字類）"),
        "kana_sort": (TEXT, "五十音順キー"),
    },
    # 世帯への所属
    "memberships": {
        "household_number": (TEXT, "世帯番号"),
        "atena_number": (TEXT, "宛名番号"),
        "valid_from": (DAY, "有効期間の初日"),
        "valid_to": (DAY, "有効期間の翌日（空は現在まで）"),
        "recorded_from": (MOMENT, "記録日時"),
        "relation": (TEXT, "続柄"),
        "relation_codes": (TEXT, "続柄コード（世帯主の側から、ハイフンつなぎ）"),
        "order_in_household": (SMALL, "世帯内の順"),
        "head_atena_number": (TEXT, "世帯主の宛名番号"),
    },
    # 世帯の住所の履歴
    "addresses": {
        "household_number": (TEXT, "世帯番号"),
        "valid_from": (DAY, "有効期間の初日"),
        "valid_to": (DAY, "有効期間の翌日（空は現在まで）"),
        "municipality_code": (TEXT, "全国地方公共団体コード"),
        "town_id": (TEXT, "町字ID"),
        "town": (TEXT, "町字"),
        "lot": (TEXT, "番地号"),
        "building": (TEXT, "方書"),
        "postal_code": (TEXT, "郵便番号"),
        "address": (TEXT, "住所"),
    },
    # 在留の履歴
    "foreign_status": {
        "atena_number": (TEXT, "宛名番号"),
        "valid_from": (DAY, "有効期間の初日"),
        "valid_to": (DAY, "有効期間の翌日（空は現在まで）"),
        "nationality_code": (TEXT, "国籍・地域コード"),
        "nationality": (TEXT, "国籍・地域"),
        "residence_class": (TEXT, "法30条の45の区分"),
        "residence_status": (TEXT, "在留資格"),
        "residence_period": (TEXT, "在留期間"),
        "stay_expires_on": (DAY, "在留期間の満了の日"),
        "residence_card_number": (TEXT, "在留カード等の番号"),
    },
    # 所得情報（1人1年度1行）
    "incomes": {
        "atena_number": (TEXT, "宛名番号"),
        "tax_year": (SMALL, "年度（西暦）"),
        "state": (TEXT, "課税の別 taxed/flat_only/exempt/undeclared（未申告）"),
        "salary_receipts": (YEN, "給与収入"),
        "salary_income": (YEN, "給与所得"),
        "public_pension_receipts": (YEN, "公的年金収入"),
        "public_pension_income": (YEN, "公的年金等雑所得"),
        "business_income": (YEN, "事業所得"),
        "total_income": (YEN, "合計所得金額"),
        "general_dependants": (YEN, "一般扶養数（16〜18歳を含む）"),
        "elderly_dependants": (YEN, "老人扶養数"),
        "specific_dependants": (YEN, "特定扶養数"),
        "young_dependants": (YEN, "年少扶養数"),
        "dependants_16_to_18": (YEN, "16〜18歳扶養数"),
        "disabled_dependants": (YEN, "障害者扶養数"),
        "special_disabled_dependants": (YEN, "特別障害者扶養数"),
        "deduction_total": (YEN, "控除の合計額（年金の判定用）"),
        "income_after_deduction": (YEN, "控除後の所得額"),
        "net_loss": (YEN, "純損失"),
        "casualty_deduction": (YEN, "雑損控除"),
        "medical_deduction": (YEN, "医療費控除"),
        "social_insurance_deduction": (YEN, "社会保険料控除"),
        "mutual_aid_deduction": (YEN, "小規模企業共済等掛金控除"),
        "spouse_special_deduction": (YEN, "配偶者特別控除"),
        "specific_relative_deduction": (YEN, "特定親族特別控除"),
        "spouse_kind": (TEXT, "控除対象配偶者 0なし1一般2老人3同一生計のみ"),
        "own_disability": (TEXT, "本人障害者区分 0なし1障害者2特別障害者"),
        "widow_kind": (TEXT, "本人寡婦（夫）区分 0なし1寡婦2ひとり親"),
        "single_parent_kind": (TEXT, "ひとり親区分 0なし1該当"),
        "working_student": (TEXT, "本人勤労学生区分 0なし1該当"),
        "widow_special": (TEXT, "寡婦特例 0なし"),
    },
    # 扶養
    "dependants": {
        "tax_year": (SMALL, "年度（西暦）"),
        "claimant_atena_number": (TEXT, "扶養する人の宛名番号"),
        "dependant_atena_number": (TEXT, "扶養される人の宛名番号"),
        "kind": (TEXT, "扶養の区分"),
        "disability": (TEXT, "障害 0なし1障害者2特別障害者"),
        "lives_together": (FLAG, "同居"),
    },
    # 国民年金の基本情報
    "pension_persons": {
        "atena_number": (TEXT, "宛名番号"),
        "basic_pension_number": (TEXT, "基礎年金番号"),
        "first_acquired_on": (DAY, "最初の取得日"),
        "phone_number": (TEXT, "電話番号"),
    },
    # 資格期間
    "qualification_periods": {
        "atena_number": (TEXT, "宛名番号"),
        "basic_pension_number": (TEXT, "基礎年金番号"),
        "kind": (TEXT, "被保険者種別 T1"),
        "acquired_on": (DAY, "取得日"),
        "acquired_by": (TEXT, "取得理由 T2（厚生年金・3号は空）"),
        "lost_on": (DAY, "喪失日"),
        "lost_by": (TEXT, "喪失理由 T3（2号・3号の種別変更は空）"),
    },
    # 免除期間
    "exemption_periods": {
        "atena_number": (TEXT, "宛名番号"),
        "basic_pension_number": (TEXT, "基礎年金番号"),
        "kind": (TEXT, "免除種類 T5"),
        "from_month": (DAY, "開始月（初日）"),
        "to_month": (DAY, "終了月（初日、空は継続中）"),
        "applied_on": (DAY, "申請日"),
        "special_ground": (TEXT, "申請特例区分 T6"),
        "result": (TEXT, "裁定結果 T7"),
        "decided_on": (DAY, "裁定日"),
        "continue_wished": (FLAG, "継続希望"),
        "school": (TEXT, "学校"),
    },
    # 付加期間
    "additional_periods": {
        "atena_number": (TEXT, "宛名番号"),
        "basic_pension_number": (TEXT, "基礎年金番号"),
        "joined_on": (DAY, "付加加入日"),
        "from_month": (DAY, "開始月（初日）"),
        "left_on": (DAY, "付加脱退日"),
        "to_month": (DAY, "終了月（初日、空は継続中）"),
        "division": (TEXT, "付加区分 T10"),
    },
    # 支援措置
    "support_measures": {
        "atena_number": (TEXT, "宛名番号"),
        "applicant_atena_number": (TEXT, "申出者の宛名番号"),
        "kind": (TEXT, "事由"),
        "state": (TEXT, "状態 provisional/active/overdue"),
        "applied_on": (DAY, "申請日"),
        "starts_on": (DAY, "開始日"),
        "ends_on": (DAY, "終了日"),
        "consulted": (TEXT, "相談機関"),
        "other_party_atena_number": (TEXT, "相手方の宛名番号（分かる場合）"),
    },
    # 住登外者（個人）
    "nonresidents": {
        "atena_number": (TEXT, "宛名番号"),
        "reason": (TEXT, "登録の理由"),
        "valid_from": (DAY, "有効期間の初日"),
        "recorded_from": (MOMENT, "記録日時"),
        "name": (TEXT, "氏名"),
        "family_name": (TEXT, "氏"),
        "given_name": (TEXT, "名"),
        "kana": (TEXT, "氏名の振り仮名"),
        "family_kana": (TEXT, "氏の振り仮名"),
        "given_kana": (TEXT, "名の振り仮名"),
        "kana_key": (TEXT, "カナ検索キー"),
        "kana_alt_key": (TEXT, "カナ検索キー（長音を母音に）"),
        "name_key": (TEXT, "漢字検索キー（異体字類）"),
        "kana_sort": (TEXT, "五十音順キー"),
        "sex": (TEXT, "性別 1男2女"),
        "birth_date": (DAY, "生年月日"),
        "municipality_code": (TEXT, "全国地方公共団体コード"),
        "address": (TEXT, "住所"),
        "former_resident": (FLAG, "元住民（宛名番号は住民のときのまま）"),
    },
    # 法人
    "corporations": {
        "atena_number": (TEXT, "宛名番号"),
        "corporate_number": (TEXT, "法人番号"),
        "name": (TEXT, "名称"),
        "kana": (TEXT, "名称のカナ"),
        "municipality_code": (TEXT, "全国地方公共団体コード"),
        "town_id": (TEXT, "町字ID"),
        "address": (TEXT, "住所"),
        "valid_from": (DAY, "有効期間の初日"),
    },
    # 番号
    "numbers": {
        "atena_number": (TEXT, "宛名番号"),
        "individual_number": (TEXT, "個人番号"),
        "resident_code": (TEXT, "住民票コード"),
    },
}
TRUTH: dict[str, Shape] = {
    # 仕込んだ二重登録
    "planted_duplicates": {
        "atena_number": (TEXT, "宛名番号"),
        "same_as_atena_number": (TEXT, "同一人の別の宛名番号"),
        "flaw": (TEXT, "記録の食い違い"),
    },
    # 予定された出来事
    "planned_events": {
        "day": (DAY, "日"),
        "kind": (TEXT, "出来事"),
        "atena_number": (TEXT, "宛名番号"),
        "details": (TEXT, "詳細（JSON）"),
    },
    # 仕込んだ誤り
    "planted_errors": {
        "atena_number": (TEXT, "宛名番号"),
        "flaw": (TEXT, "記録の食い違い"),
    },
}
