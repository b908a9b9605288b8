"""入力様式: what an officer types. Dates in any form of the counter; what the city knows is not asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kokunen.common_platform.codes.offices import using_offices
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import (
    ACQUISITION_REASONS,
    INSURED_TYPES,
    LOSS_REASONS,
    MEDIA,
    OPEN_NOTICE_STATES,
    Filer,
    IdentityDocument,
    NoticeKind,
    NoticeSource,
    NoticeState,
    WorkKind,
)
from kokunen.national_pension.forms_of_law import PERSONAL_FORMS, option, options
from kokunen.national_pension.queries.lists import BOARD_SORTS
from kokunen.national_pension.services.notices import Paper
from kokunen.national_pension.web.entry_forms import MonthField

_FILERS = [(str(one), one.label) for one in Filer if one is not Filer.NONE]
_DOCUMENTS = [("", "選んでください"), *IdentityDocument.choices]


class NoticeForm(forms.Form):
    """届書: in the order of the paper — what happened, when, who filed, what was shown."""

    choice = forms.ChoiceField(label="届出の理由")
    fact_on = WarekiDateField(label="事実の日", required=False)
    stated_on = WarekiDateField(
        label="届書に書かれた取得日・喪失日",
        required=False,
        help_text="書かれているときだけ入力します。法の日と違えば登録できません。",
    )
    received_on = WarekiDateField(label="受付日", latest="today")
    filer = forms.ChoiceField(label="届出人", choices=_FILERS)
    identity_document = forms.ChoiceField(label="本人確認書類", choices=_DOCUMENTS, required=False)
    papers = forms.MultipleChoiceField(
        label="確認した書類", required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    power_of_attorney = forms.BooleanField(label="委任状を確認した（代理人のとき）", required=False)
    protection_confirmed = forms.BooleanField(
        label="支援措置の対象の方であることを確かめ、係長に報告した", required=False
    )
    payment_method = forms.ChoiceField(
        label="希望する納付方法",
        required=False,
        choices=list(form_of(NoticeKind.VOLUNTARY).field("payment_method").options.items()),
        help_text="60歳から65歳までの方は口座振替です（国民年金法附則第5条第2項）。",
    )
    cooperator_name = forms.CharField(
        label="国内協力者の氏名", required=False, max_length=40, help_text="海外にお住まいになる方だけ入力します。"
    )
    cooperator_address = forms.CharField(label="国内協力者の住所", required=False, max_length=80)
    wished_end = MonthField(label="加入を終えたい月", required=False, help_text="決めていなければ空欄のままです。")
    no_old_age_right = forms.BooleanField(label="65歳で老齢給付の受給権がない（特例任意加入のとき）", required=False)
    to_report = forms.BooleanField(label="日本年金機構へ報告する", required=False, initial=True)
    note = forms.CharField(label="備考", required=False, max_length=100)

    def __init__(
        self, *args: Any, kind: NoticeKind, protected: bool = False, joins_on: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind is NoticeKind.VOLUNTARY:
            self.fields["fact_on"].initial = joins_on or clock.today()
            if joins_on:
                self.fields["fact_on"].help_text = "資格喪失の予定日です。この日から切れ目なく加入します。"
        chosen = options(kind)
        self.fields["choice"].choices = [(one.code, one.label) for one in chosen]  # type: ignore[attr-defined]
        self.fields["received_on"].initial = clock.today()
        self.fields["papers"].choices = [(paper, paper) for paper in _papers(kind)]  # type: ignore[attr-defined]
        if len(chosen) == 1:
            self.fields["choice"].initial = chosen[0].code
            self.fields["choice"].widget = forms.HiddenInput()
        self.fields["fact_on"].label = self._day_label()
        for name, wanted in (
            ("protection_confirmed", protected),
            ("papers", bool(_papers(kind))),
            ("no_old_age_right", kind is NoticeKind.VOLUNTARY),
            ("stated_on", kind not in PERSONAL_FORMS),
            *((name, kind is NoticeKind.VOLUNTARY) for name in VOLUNTARY_DETAILS),
        ):
            if not wanted:
                del self.fields[name]
        if kind is NoticeKind.DEATH:
            self.fields["filer"].initial = str(Filer.FAMILY)

    def _day_label(self) -> str:
        """The question for the day follows the chosen reason."""
        code = str(self.data.get("choice", "")) if self.is_bound else ""
        chosen = option(self.kind, code) or options(self.kind)[0]
        return chosen.day_label

    def paper(self) -> Paper:
        """届書 as the service takes it; papers that the reason needs and that were not ticked are missing."""
        values = self.cleaned_data
        chosen = option(self.kind, values["choice"])
        seen = list(values.get("papers", ()))
        missing = [paper for paper in (chosen.papers if chosen else ()) if paper not in seen]
        if values["power_of_attorney"]:
            seen.append("委任状")
        return Paper(
            kind=self.kind,
            choice=values["choice"],
            fact_on=values["fact_on"],
            received_on=values["received_on"],
            filer=Filer(values["filer"]),
            identity_document=values["identity_document"],
            attachments=tuple(seen),
            missing_papers=tuple(missing),
            stated_on=values.get("stated_on"),
            protection_confirmed=values.get("protection_confirmed", False),
            no_old_age_right=values.get("no_old_age_right", False),
            to_report=values["to_report"],
            note=values["note"],
            details={
                name: values[name] for name in VOLUNTARY_DETAILS if values["choice"] == "apply" and values.get(name)
            },
        )


VOLUNTARY_DETAILS = ("payment_method", "cooperator_name", "cooperator_address", "wished_end")
"""任意加入情報 (別添1 R4) that only the visitor knows."""


def _papers(kind: NoticeKind) -> list[str]:
    return list(dict.fromkeys(paper for one in options(kind) for paper in one.papers))


class ConfirmForm(forms.Form):
    """要処理事項の確定: the day may be adjusted; how it is told to the Service is chosen."""

    fact_on = WarekiDateField(
        label="事実の日を改める", required=False, help_text="住民記録の日と違うときだけ入力します。"
    )
    to_report = forms.BooleanField(label="日本年金機構へ報告する", required=False)
    source = forms.ChoiceField(
        label="報告の根拠",
        choices=[
            (str(NoticeSource.RESIDENT_NOTICE), NoticeSource.RESIDENT_NOTICE.label),
            (str(NoticeSource.FINDING), NoticeSource.FINDING.label),
        ],
    )
    note = forms.CharField(label="備考", required=False, max_length=100)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """理由: for whatever ends without being done, or is taken back."""

    reason = forms.CharField(label="理由", max_length=200)


class NoteForm(forms.Form):
    """内容: what was done about a returned notice or an answer that did not match."""

    note = forms.CharField(label="対応した内容", max_length=200)


class CorrectionForm(forms.Form):
    """訂正の起案: the period as it should have been recorded, why, and on what paper."""

    insured_type = forms.ChoiceField(label="種別", choices=[one for one in INSURED_TYPES.choices() if one[0] != "9"])
    acquired_on = WarekiDateField(label="取得日（種別変更日）")
    acquisition_reason = forms.ChoiceField(label="取得理由", choices=ACQUISITION_REASONS.choices())
    lost_on = WarekiDateField(label="喪失日（種別変更日）", required=False)
    loss_reason = forms.ChoiceField(
        label="喪失理由", choices=[("", "なし（継続中）"), *LOSS_REASONS.choices()], required=False
    )
    reason = forms.CharField(label="訂正の理由", max_length=150)
    evidence = forms.CharField(
        label="確認した資料", max_length=150, help_text="資格喪失連絡票、領収証書、年金手帳 など"
    )


class BuildForm(forms.Form):
    """媒体の種類 (flash memory is no declared way)."""

    medium = forms.ChoiceField(label="媒体", choices=MEDIA.choices(), initial="2")


class SignForm(forms.Form):
    """引渡し: the locked case that the medium travels in."""

    carrying_case = forms.CharField(label="施錠ケースの番号", max_length=20)
    medium = forms.CharField(
        label="媒体の管理番号",
        max_length=40,
        required=False,
        help_text="媒体台帳の番号。空欄なら、報告の番号で新しい媒体を台帳に登録します。",
    )


class WorkFilterForm(forms.Form):
    """要処理事項の絞り込み"""

    kind = forms.ChoiceField(label="種類", required=False, choices=[("", "すべて"), *WorkKind.choices])
    done = forms.BooleanField(label="処理済みを見る", required=False)
    overdue = forms.BooleanField(label="期限超過だけ", required=False)


class BoardFilterForm(forms.Form):
    """未完了の受付の絞り込み"""

    office = forms.ChoiceField(
        label="窓口", required=False, choices=[("", "すべて"), *((one.code, one.name) for one in using_offices())]
    )
    staff = forms.CharField(label="担当の職員番号", required=False, max_length=20)
    kind = forms.ChoiceField(label="届書", required=False, choices=[("", "すべて"), *NoticeKind.choices])
    state = forms.ChoiceField(
        label="状況",
        required=False,
        choices=[("", "すべて"), *((str(state), NoticeState(state).label) for state in OPEN_NOTICE_STATES)],
    )
    warning = forms.ChoiceField(
        label="警告",
        required=False,
        choices=[("", "すべて"), ("overdue", "期限超過"), ("soon", "期限間近"), ("long", "長期")],
    )
    sort = forms.ChoiceField(label="並び", required=False, choices=[*BOARD_SORTS.items()])
