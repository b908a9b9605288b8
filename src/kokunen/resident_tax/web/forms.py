"""入力様式: the documents in the order of the paper, the play of figures, a change, a file."""

from __future__ import annotations

from typing import Any

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.law.rules.resident_tax import tax_years
from kokunen.resident_tax.choices import DecisionReason, DocumentKind
from kokunen.resident_tax.documents.papers import year_words
from kokunen.resident_tax.layouts import ENTERED, FACTS_BY_NAME

_YEARS = [(year, year_words(year)) for year in tax_years()]


class YenField(forms.CharField):
    """円: digits with or without commas, full width too; empty is not stated."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        """Yen, or None when empty."""
        text = str(value or "").strip().replace(",", "").replace("，", "").replace("−", "-").removesuffix("円")
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise forms.ValidationError(
                f"{self.label}は円の数字で入力してください（入力値: {text[:20]}）", code="invalid"
            ) from None


class DocumentForm(forms.Form):
    """課税資料: the amounts of the kind in the order of the paper."""

    tax_year = forms.TypedChoiceField(label="年度", choices=_YEARS, coerce=int)
    received_on = WarekiDateField(label="受付日", latest="today")
    payer_number = forms.CharField(label="指定番号・支払者番号", required=False, max_length=10)
    main = forms.BooleanField(label="主たる給与（甲欄）", required=False)
    retired = forms.BooleanField(label="退職", required=False)
    includes_previous = forms.BooleanField(label="前職分を含む", required=False)

    def __init__(self, *args: Any, kind: DocumentKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != DocumentKind.SALARY_REPORT:
            for name in ("main", "retired", "includes_previous"):
                del self.fields[name]
        if kind not in (DocumentKind.SALARY_REPORT, DocumentKind.PENSION_REPORT):
            del self.fields["payer_number"]
        self.fields["tax_year"].initial = clock.today().year
        self.fields["received_on"].initial = clock.today()
        self.figure_names = ENTERED[kind]
        for name in self.figure_names:
            self.fields[name] = YenField(label=FACTS_BY_NAME[name].label_ja)

    @property
    def figures(self) -> dict[str, Any]:
        """述べられた額 of the facts, None where nothing is stated."""
        return {name: self.cleaned_data[name] for name in self.figure_names}


PLAYED = ("salary_receipts", "pension_receipts", "business_income", "other_misc_income", "occasional_income",
          "listed_stock_income", "land_long_income", "spouse_total_income", "social_insurance",
          "small_enterprise_mutual_aid", "life_general_new", "earthquake", "medical_paid", "medical_reimbursed",
          "donation_hometown", "housing_unabsorbed", "housing_income_tax_taxable")  # fmt: skip
"""試算で変えられる額."""


class PlayForm(forms.Form):
    """試算: facts that are set differently; an empty field leaves what stands."""

    disability = forms.ChoiceField(
        label="本人の障害", required=False,
        choices=[("", "変えない"), ("none", "なし"), ("general", "障害者"), ("special", "特別障害者")],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PLAYED:
            self.fields[name] = YenField(label=FACTS_BY_NAME[name].label_ja)

    @property
    def changed(self) -> dict[str, Any]:
        """変える事実: what was typed."""
        typed = {name: self.cleaned_data[name] for name in (*PLAYED, "disability")}
        return {name: value for name, value in typed.items() if value is not None and value != ""}


class ChangeForm(PlayForm):
    """更正の起案: what is changed, why, and on what paper it rests."""

    reason = forms.ChoiceField(
        label="更正の理由", choices=[one for one in DecisionReason.choices if one[0] != DecisionReason.FIRST]
    )
    note = forms.CharField(label="変更の内容と確認した資料", max_length=300)


class RefuseForm(forms.Form):
    """差戻し"""

    reason = forms.CharField(label="差戻しの理由", max_length=200)


class FileForm(forms.Form):
    """資料ファイル"""

    tax_year = forms.TypedChoiceField(label="年度", choices=_YEARS, coerce=int)
    kind = forms.ChoiceField(label="資料の種類", choices=DocumentKind.choices)
    file = forms.FileField(label="ファイル（CSV）")


class YearForm(forms.Form):
    """年度"""

    tax_year = forms.TypedChoiceField(label="年度", choices=_YEARS, coerce=int)
