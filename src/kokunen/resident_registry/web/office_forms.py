"""職権の入力: correction, removal, cancellation, 支援措置. Filed by the office itself, so nobody shows a paper."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import ImpreciseDateField, KanaField, NumberField, WarekiDateField
from kokunen.kernel.wareki import ImpreciseDate, format_short
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import (
    EventCode,
    Filer,
    FilingKind,
    IdentityCheck,
    Sex,
    SupportKind,
    SupportReason,
)
from kokunen.resident_registry.services.correction import CORRECTABLE, plan_correction
from kokunen.resident_registry.services.removal import plan_removal
from kokunen.resident_registry.web.forms import NoticeForm

_KINDS = [
    (FilingKind.EX_OFFICIO, "職権"),
    (FilingKind.NOTIFICATION, "通知"),
    (FilingKind.REQUEST, "申出"),
    (FilingKind.CLAIM, "請求"),
]


class OfficeForm(NoticeForm):
    """職権の共通項目: instead of the filer, what it rests on."""

    def add_fields(self) -> None:
        self.fields["filing_kind"] = forms.ChoiceField(label="もとになったもの", choices=_KINDS)
        self.fields["remarks"].label = "理由・資料"
        self.fields["remarks"].required = True
        for name in ("filer", "filer_name", "identity_check"):
            self.fields[name].required = False
            self.fields[name].widget = forms.HiddenInput()
        self.fields["notified_on"].label = "通知・申出の日"

    def clean(self) -> dict[str, Any]:
        """届出人は本庁."""
        data = super().clean() or {}
        data.update(filer=Filer.OFFICE, filer_name="", identity_check=IdentityCheck.NOT_NEEDED)
        return data

    def notice(self) -> services.Notice:
        value = self.cleaned_data["event_on"]
        return services.Notice(
            self.code(),
            value if isinstance(value, ImpreciseDate) else ImpreciseDate.of(value),
            notified_on=self.cleaned_data["notified_on"],
            filing_kind=FilingKind(self.cleaned_data["filing_kind"]),
            filer=Filer.OFFICE,
            remarks=self.cleaned_data["remarks"],
            supervised=self.supervised,
        )


class RemovalForm(OfficeForm):
    """職権消除."""

    title = "職権消除"
    event_label = "消除する日（事実の生じた日）"
    planning = staticmethod(plan_removal)
    service = staticmethod(services.remove_ex_officio)
    paper = ("kind", "filing_kind", "new_head")

    event_on = ImpreciseDateField(label="消除する日")

    KINDS: ClassVar[list[tuple[str, str]]] = [
        (code.value, str(code.label))
        for code in (EventCode.EX_OFFICIO_REMOVAL, EventCode.DISAPPEARANCE, EventCode.STATUS_LOSS)
    ]

    def add_fields(self) -> None:
        super().add_fields()
        assert self.person is not None
        number = self.person.row.atena_number
        self.members = [m for m in self.members if m.row.atena_number != number]
        self.fields["kind"] = forms.ChoiceField(label="消除の事由", choices=self.KINDS)
        self.add_new_head()
        self.add_relations()

    def code(self) -> EventCode:
        return EventCode(self.cleaned_data["kind"])

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        return {"atena_number": self.person.row.atena_number, **self.staying()}


class CorrectionForm(OfficeForm):
    """職権修正・誤記修正: the present values stand in the fields; only what differs is registered."""

    title = "職権修正"
    planning = staticmethod(plan_correction)
    service = staticmethod(services.correct_items)
    paper = ("kind", "filing_kind")

    KINDS: ClassVar[list[tuple[str, str]]] = [
        (code.value, str(code.label)) for code in CORRECTABLE if code != EventCode.ADDRESS_TEXT_CHANGE
    ]
    TEXTS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("name", "氏名"),
        ("former_surname", "旧氏"),
        ("kanji_name", "漢字氏名"),
        ("alias", "通称"),
        ("relationship", "続柄"),
        ("registered_domicile", "本籍"),
        ("registered_domicile_head", "筆頭者"),
        ("previous_address", "従前の住所"),
        ("telephone", "電話番号"),
        ("nationality", "国籍・地域"),
        ("residence_status", "在留資格"),
        ("residence_period", "在留期間"),
    )
    KANA: ClassVar[tuple[tuple[str, str], ...]] = (
        ("name_kana", "氏名の振り仮名"),
        ("former_surname_kana", "旧氏の振り仮名"),
        ("alias_kana", "通称の振り仮名"),
    )
    DATES: ClassVar[tuple[tuple[str, str], ...]] = (
        ("birth", "生年月日"),
        ("resident_since", "住民となった日"),
        ("address_since", "住所を定めた日"),
    )

    def add_fields(self) -> None:
        super().add_fields()
        assert self.person is not None
        row = self.person.row
        self.fields["kind"] = forms.ChoiceField(label="修正の事由", choices=self.KINDS)
        for name, label in self.TEXTS:
            self.fields[name] = forms.CharField(label=label, max_length=300, required=False, initial=getattr(row, name))
        for name, label in self.KANA:
            self.fields[name] = KanaField(label=label, required=False, initial=getattr(row, name))
        for name, label in self.DATES:
            self.fields[name] = ImpreciseDateField(label=label, required=False, initial=_shown_date(row, name))
        self.fields["sex"] = forms.ChoiceField(label="性別", choices=Sex.choices, initial=row.sex)
        self.fields["residence_expires_on"] = WarekiDateField(
            label="在留期間の満了の日", required=False, initial=row.residence_expires_on
        )
        self.fields["residence_card_number"] = NumberField(
            kind="residence_card", label="在留カード等の番号", required=False, initial=row.residence_card_number
        )

    def code(self) -> EventCode:
        return EventCode(self.cleaned_data["kind"])

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        return {"atena_number": self.person.row.atena_number, "items": self.changed_items()}

    def changed_items(self) -> dict[str, Any]:
        """直した項目: what differs from the record on the desk."""
        assert self.person is not None
        row, found = self.person.row, {}
        dates = {name for name, _ in self.DATES}
        for name in (
            *(n for n, _ in (*self.TEXTS, *self.KANA, *self.DATES)),
            "sex",
            "residence_expires_on",
            "residence_card_number",
        ):
            value = self.cleaned_data.get(name)
            if name in dates:
                if value is not None and (value.sortable, value.is_imprecise) != _stored_date(row, name):
                    found[name] = value
            elif value != getattr(row, name):
                found[name] = value
        return found


def _stored_date(row: Any, name: str) -> tuple[date, bool]:
    return getattr(row, "birth_date" if name == "birth" else name), getattr(row, f"{name}_imprecise")


def _shown_date(row: Any, name: str) -> str:
    day, imprecise = _stored_date(row, name)
    return getattr(row, f"{name}_text") if imprecise else format_short(day)


class CancellationForm(forms.Form):
    """異動の取消し."""

    filing_kind = forms.ChoiceField(
        label="もとになったもの", choices=[(FilingKind.EX_OFFICIO, "職権"), (FilingKind.REQUEST, "申出")]
    )
    notified_on = WarekiDateField(label="申出日", latest="today")
    remarks = forms.CharField(label="取り消す理由", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notified_on"].initial = clock.today()


class SupportForm(forms.Form):
    """支援措置の申出."""

    covered = forms.MultipleChoiceField(
        label="併せて支援を求める者", required=False, widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label="段階", choices=SupportKind.choices, initial=SupportKind.FULL)
    reason = forms.ChoiceField(label="対象", choices=SupportReason.choices)
    requested_on = WarekiDateField(label="申出日", latest="today")
    starts_on = WarekiDateField(label="開始日", latest="today", help_text="終了日は1年後の前日になります。")
    consulted_agency = forms.CharField(label="相談機関", max_length=100, required=False)
    abuser = forms.CharField(
        label="加害者とされる者", max_length=200, required=False, widget=forms.TextInput(attrs={"data-draft": "no"})
    )

    def __init__(self, *args: Any, members: Collection[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["covered"].choices = list(members)  # type: ignore[attr-defined]
        self.fields["requested_on"].initial = self.fields["starts_on"].initial = clock.today()


class ReleaseForm(forms.Form):
    """支援措置の解除."""

    reason = forms.CharField(label="解除の理由", max_length=200)
