"""職権の入力: correction, removal, cancellation, 支援措置. Filed by the office itself, so nobody shows a paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, ClassVar

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import ImpreciseDateField, KanaField, NumberField, WarekiDateField
from kokunen.kernel.wareki import ImpreciseDate, format_short
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import (
    HEAD_RELATION,
    Cause,
    EventCode,
    Filer,
    FilingKind,
    IdentityCheck,
    ResidenceClass,
    Sex,
    SupportKind,
    SupportReason,
)
from kokunen.resident_registry.services.correction import CORRECTABLE, plan_correction, plan_restore
from kokunen.resident_registry.services.moving_out import plan_arrival
from kokunen.resident_registry.services.nationality import plan_foreign, plan_japanese
from kokunen.resident_registry.services.removal import plan_removal
from kokunen.resident_registry.services.resident_codes import plan_resident_code
from kokunen.resident_registry.web.forms import NoticeForm, Plan

_KINDS = [
    (FilingKind.EX_OFFICIO, "職権"),
    (FilingKind.NOTIFICATION, "通知"),
    (FilingKind.REQUEST, "申出"),
    (FilingKind.CLAIM, "請求"),
]


class OfficeForm(NoticeForm):
    """職権の共通項目: instead of the filer, what it rests on."""

    lower_title = "理由・資料"

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
    event_label = "消除する日"
    planning = staticmethod(plan_removal)
    service = staticmethod(services.remove_ex_officio)
    paper = ("kind", "filing_kind", "new_head")

    event_on = ImpreciseDateField(label="消除する日", help_text="事実の生じた日です。")

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


class RestorationForm(OfficeForm):
    """職権回復."""

    title = "職権回復"
    event_label = "回復する日"
    event_code = EventCode.RESTORATION
    planning = staticmethod(plan_restore)
    service = staticmethod(services.restore)
    paper = ("filing_kind", "household_number", "relationship")

    def add_fields(self) -> None:
        super().add_fields()
        self.fields["household_number"] = NumberField(
            kind="household",
            label="戻る世帯の世帯番号",
            required=False,
            help_text="空欄のときは、もとの住所で新しい世帯になります。",
        )
        self.fields["relationship"] = forms.CharField(
            label="世帯主との続柄",
            max_length=60,
            required=False,
            widget=forms.TextInput(attrs={"list": "relations", "autocomplete": "off"}),
        )

    def clean(self) -> dict[str, Any]:
        """いまある世帯に戻るときは続柄が要る."""
        data = super().clean()
        if data.get("household_number") and not data.get("relationship"):
            self.add_error(
                "relationship",
                forms.ValidationError("戻る世帯の世帯主から見た続柄を入力してください。", code="missing_field"),
            )
        return data

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        data = self.cleaned_data
        return {
            "atena_number": self.person.row.atena_number,
            "household_number": data["household_number"],
            "relationship": data["relationship"] or HEAD_RELATION,
        }


class ArrivalForm(OfficeForm):
    """転入通知の受理: what the new city says stands beside the plan."""

    title = "転入通知の受理"
    event_label = "転入した日（通知の記載）"
    event_code = EventCode.ARRIVAL_NOTICE
    planning = staticmethod(plan_arrival)
    paper = ("destination",)

    def add_fields(self) -> None:
        super().add_fields()
        assert self.person is not None
        row = self.person.row
        self.fields["filing_kind"].widget = forms.HiddenInput()
        self.fields["filing_kind"].initial = FilingKind.NOTIFICATION
        self.fields["notified_on"].label = "通知を受けた日"
        self.fields["remarks"].label = "備考"
        self.fields["remarks"].required = False
        self.fields["destination"] = forms.CharField(
            label="転入した住所（通知の記載）", max_length=300, initial=row.planned_destination
        )

    def notice(self) -> services.Notice:
        data = self.cleaned_data
        return services.Notice(
            EventCode.ARRIVAL_NOTICE,
            ImpreciseDate.of(data["event_on"]),
            notified_on=data["notified_on"],
            filing_kind=FilingKind.NOTIFICATION,
            filer=Filer.OFFICE,
            remarks=data["remarks"],
            supervised=self.supervised,
        )

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        return {"atena_number": self.person.row.atena_number, "destination": self.cleaned_data["destination"]}

    def register(
        self, context: AccessContext, expected: Mapping[str, int], acknowledged: Collection[str]
    ) -> services.Receipt:
        data = self.cleaned_data
        return services.receive_arrival_notice(
            context=context,
            arrived_on=data["event_on"],
            received_on=data["notified_on"],
            remarks=data["remarks"],
            expected=expected,
            **self.facts(),
        )


class NationalityForm(OfficeForm):
    """国籍の異動: 帰化・国籍取得 of a foreign resident, 国籍喪失 of a Japanese one."""

    title = "帰化・国籍取得・国籍喪失"
    event_label = "異動した日"
    paper = ("cause", "filing_kind")

    def add_fields(self) -> None:
        super().add_fields()
        assert self.person is not None
        row = self.person.row
        self.becomes_japanese = row.is_foreign
        self.fields["filing_kind"].initial = FilingKind.NOTIFICATION
        causes = (
            (Cause.NATURALISED, Cause.NATIONALITY_ACQUIRED)
            if self.becomes_japanese
            else (Cause.NATIONALITY_LOST, Cause.NATIONALITY_CHOSEN)
        )
        self.fields["cause"] = forms.ChoiceField(
            label="異動の種類",
            choices=[(one.value, one.label) for one in causes],
            initial=causes[0],
            widget=forms.RadioSelect,
        )
        if self.becomes_japanese:
            self.fields["name"] = forms.CharField(label="日本人としての氏名", max_length=200)
            self.fields["name_kana"] = KanaField(label="氏名の振り仮名")
            self.fields["registered_domicile"] = forms.CharField(label="本籍", max_length=200)
            self.fields["registered_domicile_head"] = forms.CharField(label="筆頭者", max_length=200)
        else:
            self.fields["name"] = forms.CharField(
                label="氏名（ローマ字など）",
                max_length=200,
                required=False,
                help_text="空欄のときは今の氏名のままです。",
            )
            self.fields["nationality"] = forms.CharField(label="国籍・地域", max_length=60)
            self.fields["residence_class"] = forms.ChoiceField(
                label="30条の45の区分",
                choices=ResidenceClass.choices,
                initial=ResidenceClass.NATIONALITY_LOSS_TRANSITION,
            )

    def code(self) -> EventCode:
        return EventCode.NATURALISATION_ENTRY if self.becomes_japanese else EventCode.NATIONALITY_LOSS_ENTRY

    def notice(self) -> services.Notice:
        return replace(super().notice(), cause=self.cleaned_data["cause"])

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        data, number = self.cleaned_data, self.person.row.atena_number
        if self.becomes_japanese:
            items = services.JapaneseItems(
                "　".join(data["name"].split()),
                data["name_kana"],
                data["registered_domicile"],
                data["registered_domicile_head"],
            )
            return {"atena_number": number, "items": items}
        foreign = services.ForeignItems(
            nationality=data["nationality"], residence_class=ResidenceClass(data["residence_class"])
        )
        return {"atena_number": number, "items": foreign, "name": data["name"]}

    def plan(self) -> Plan:
        return partial(plan_japanese if self.becomes_japanese else plan_foreign, **self.facts())

    def register(
        self, context: AccessContext, expected: Mapping[str, int], acknowledged: Collection[str]
    ) -> services.Receipt:
        common: dict[str, Any] = {"context": context, "notice": self.notice(), "expected": expected}
        service = services.become_japanese if self.becomes_japanese else services.become_foreign
        return service(acknowledged=acknowledged, **common, **self.facts())


class ResidentCodeForm(NoticeForm):
    """住民票コードの変更請求・職権記載: nothing to choose but the reason; the code is drawn."""

    title = "住民票コードの変更・記載"
    event_label = "請求した日・記載する日"
    planning = staticmethod(plan_resident_code)
    service = staticmethod(services.give_resident_code)
    paper = ("kind",)

    def add_fields(self) -> None:
        assert self.person is not None
        given = bool(self.person.row.resident_code)
        codes = (EventCode.CODE_CHANGE_ON_CLAIM, EventCode.CODE_ENTRY)
        self.fields["kind"] = forms.ChoiceField(
            label="事由",
            choices=[(code.value, code.label) for code in codes],
            initial=codes[0] if given else codes[1],
            widget=forms.RadioSelect,
        )
        self.fields["event_on"].initial = clock.today()

    def code(self) -> EventCode:
        return EventCode(self.cleaned_data["kind"])

    def notice(self) -> services.Notice:
        claimed = self.code() == EventCode.CODE_CHANGE_ON_CLAIM
        return replace(super().notice(), filing_kind=FilingKind.CLAIM if claimed else FilingKind.EX_OFFICIO)

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        return {"atena_number": self.person.row.atena_number}


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
