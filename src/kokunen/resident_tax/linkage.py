"""連携の宣言: 個人住民税 publishes `income`, the <所得情報> items of 別添1 (R10), one row a person and tax year.

Beside the items of the assessment stand the ones without which the pension tests cannot be made (operational list): the
tax year, 申告区分 (未申告 is told apart from zero yen), ひとり親区分, the number aged 16 to 18,
小規模企業共済等掛金控除 and 特定親族特別控除. Amounts are yen; a row of 未申告 or 他市課税 has none.

Takes `resident` (house.resident_to_tax): who lives here on 1 January, whom a document is about, where a notice goes.
"""

from __future__ import annotations

from kokunen.common_platform.integration.datasets import Column, Consumption, Dataset
from kokunen.resident_tax import resident_view

INCOME = Dataset(
    name="income",
    label_ja="所得情報",
    publisher="resident_tax",
    key=("atena_number", "tax_year"),
    columns=(
        Column("tax_year", "integer", "年度（西暦）", "所得年度", nullable=False),
        Column("state", "text", "課税の別（1課税 2均等割のみ 3非課税 4未申告 5他市課税）", "申告区分", nullable=False),
        Column("general_dependants", "integer", "一般扶養数（16歳から18歳を含む）", "R10/一般扶養数"),
        Column("elderly_dependants", "integer", "老人扶養数", "R10/老人扶養数"),
        Column("specific_dependants", "integer", "特定扶養数", "R10/特定扶養数"),
        Column("young_dependants", "integer", "年少扶養数", "R10/年少扶養数"),
        Column("dependants_16_to_18", "integer", "控除対象扶養数（16歳から18歳）", "控除対象扶養数16から18歳"),
        Column("spouse_kind", "text", "控除対象配偶者（0なし 1一般 2老人 3同一生計のみ）", "R10/控除対象者配偶者"),
        Column("disabled_dependants", "integer", "障害者扶養数", "R10/障害者扶養数"),
        Column("special_disabled_dependants", "integer", "特別障害者扶養数", "R10/特別障害者扶養数"),
        Column("own_disability", "text", "本人障害者区分（0なし 1障害者 2特別障害者）", "R10/本人障害者区分"),
        Column("widow_kind", "text", "本人寡婦（夫）区分（0なし 1寡婦 2ひとり親）", "R10/本人寡婦（夫）区分"),
        Column("single_parent_kind", "text", "ひとり親区分（0なし 1該当）", "ひとり親区分"),
        Column("working_student", "text", "本人勤労学生区分（0なし 1該当）", "R10/本人勤労学生区分"),
        Column("public_pension_receipts", "bigint", "公的年金収入（円）", "R10/公的年金収入"),
        Column("public_pension_income", "bigint", "公的年金等雑所得（円）", "R10/公的年金等雑所得"),
        Column("total_income", "bigint", "合計所得金額（円）", "R10/合計所得金額"),
        Column("deduction_total", "bigint", "控除の合計額（円）", "R10/控除の合計額"),
        Column("income_after_deduction", "bigint", "控除後の所得額（円）", "R10/控除後の所得額"),
        Column("net_loss", "bigint", "純損失（円）", "R10/純損失"),
        Column("casualty_deduction", "bigint", "雑損控除（円）", "R10/雑損控除"),
        Column("medical_deduction", "bigint", "医療費控除（円）", "R10/医療費控除"),
        Column("social_insurance_deduction", "bigint", "社会保険料控除（円）", "R10/社会保険料控除"),
        Column("mutual_aid_deduction", "bigint", "小規模企業共済等掛金控除（円）", "小規模企業共済等掛金控除"),
        Column("spouse_special_deduction", "bigint", "配偶者特別控除（円）", "R10/配偶者特別控除"),
        Column("specific_relative_deduction", "bigint", "特定親族特別控除（円）", "特定親族特別控除"),
        Column("widow_special", "text", "寡婦特例（0なし 1該当）", "R10/寡婦特例"),
    ),
)

PUBLISHES: tuple[Dataset, ...] = (INCOME,)
CONSUMES: tuple[Consumption, ...] = (
    Consumption("resident", (*resident_view.COLUMNS, *resident_view.SEARCH_KEYS), "house.resident_to_tax"),
)
CONSUMERS: tuple[object, ...] = ()
