"""転入届の入力: the paper's head and one block a person (国内, 国外, 未届, 法30条の46・47)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from kokunen.common_platform.portal.web.fields import (
    ImpreciseDateField,
    KanaField,
    NumberField,
    WarekiDateField,
    add_error,
)
from kokunen.kernel.errors import KokunenError
from kokunen.kernel.wareki import format_short
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import EventCode, ResidenceClass, ResidentKind, Sex
from kokunen.resident_registry.services.moving_in import plan_move_in
from kokunen.resident_registry.web.forms import AddressField, NoticeForm
from kokunen.resident_registry.web.office_forms import OfficeForm

MOST_PEOPLE = 12


class MoveInPersonForm(forms.Form):
    """転入する人."""

    name = forms.CharField(label="氏名", max_length=200, help_text="氏と名の間を空けます。")
    name_kana = KanaField(label="氏名の振り仮名")
    birth = ImpreciseDateField(label="生年月日")
    sex = forms.ChoiceField(label="性別", choices=[("", "選んでください"), *Sex.choices[:2]])
    relationship = forms.CharField(
        label="世帯主との続柄",
        max_length=60,
        widget=forms.TextInput(attrs={"list": "relations", "autocomplete": "off"}),
    )
    resident_kind = forms.ChoiceField(
        label="日本人・外国人", choices=ResidentKind.choices, initial=ResidentKind.JAPANESE
    )
    domicile = forms.CharField(
        label="本籍", max_length=200, required=False, help_text="「なし」「不明」も入力できます。"
    )
    domicile_head = forms.CharField(label="筆頭者", max_length=200, required=False)
    resident_code = NumberField(kind="resident_code", label="住民票コード", required=False)
    returning = NumberField(kind="atena", label="再転入者の宛名番号", required=False)
    nationality = forms.CharField(label="国籍・地域", max_length=60, required=False)
    residence_class = forms.ChoiceField(
        label="30条の45の区分", choices=[("", "選んでください"), *ResidenceClass.choices], required=False
    )
    residence_status = forms.CharField(label="在留資格", max_length=60, required=False)
    residence_period = forms.CharField(label="在留期間", max_length=30, required=False)
    residence_expires_on = WarekiDateField(label="在留期間の満了の日", required=False)
    card_number = NumberField(kind="residence_card", label="在留カード等の番号", required=False)
    alias = forms.CharField(label="通称", max_length=200, required=False)
    alias_kana = KanaField(label="通称の振り仮名", required=False)

    ALWAYS: ClassVar[tuple[str, ...]] = (
        "name",
        "name_kana",
        "birth",
        "sex",
        "relationship",
        "resident_kind",
        "domicile",
        "domicile_head",
    )
    SELDOM: ClassVar[tuple[str, ...]] = ("resident_code", "returning")
    FOREIGN: ClassVar[tuple[str, ...]] = (
        "nationality",
        "residence_class",
        "residence_status",
        "residence_period",
        "residence_expires_on",
        "card_number",
        "alias",
        "alias_kana",
    )

    def always(self) -> list[forms.BoundField]:
        """いつも書く欄."""
        return [self[name] for name in self.ALWAYS]

    def seldom(self) -> list[forms.BoundField]:
        """証明書から写す欄."""
        return [self[name] for name in self.SELDOM]

    def foreign(self) -> list[forms.BoundField]:
        """外国人住民の欄."""
        return [self[name] for name in self.FOREIGN]

    @property
    def shows_foreign(self) -> bool:
        """外国人住民の欄を開いておくか."""
        return self["resident_kind"].value() == ResidentKind.FOREIGN or any(
            name in self.errors for name in self.FOREIGN
        )

    def clean(self) -> dict[str, Any]:
        """区分 of a foreign resident is needed."""
        data = super().clean() or {}
        if data.get("resident_kind") == ResidentKind.FOREIGN and not data.get("residence_class"):
            self.add_error(
                "residence_class", forms.ValidationError("30条の45の区分を選んでください。", code="missing_field")
            )
        return data

    def newcomer(self, previous_address: str) -> services.Newcomer:
        """転入する人 as the service takes it."""
        data = self.cleaned_data
        foreign = None
        if data["resident_kind"] == ResidentKind.FOREIGN:
            foreign = services.ForeignItems(
                nationality=data["nationality"],
                residence_class=ResidenceClass(data["residence_class"]),
                residence_status=data["residence_status"],
                residence_period=data["residence_period"],
                residence_expires_on=data["residence_expires_on"],
                card_number=data["card_number"],
                alias=data["alias"],
                alias_kana=data["alias_kana"],
            )
        return services.Newcomer(
            name="　".join(data["name"].split()) if not foreign else data["name"],
            name_kana=data["name_kana"],
            birth=data["birth"],
            sex=Sex(data["sex"]),
            relationship=data["relationship"],
            registered_domicile=data["domicile"],
            registered_domicile_head=data["domicile_head"],
            previous_address=previous_address,
            resident_code=data["resident_code"],
            foreign=foreign,
            atena_number=data["returning"],
        )


class _BasePeople(forms.BaseFormSet):  # type: ignore[type-arg]
    """転入する人たち: every block that was typed must be whole."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # Django's own hook; its stubs leave it out
        form.empty_permitted = False
        return form


PeopleFormSet = forms.formset_factory(
    MoveInPersonForm,
    formset=_BasePeople,
    extra=0,
    min_num=1,
    max_num=MOST_PEOPLE,
    absolute_max=MOST_PEOPLE,
    validate_min=True,
)


class MoveInForm(NoticeForm):
    """転入届."""

    title = "転入届"
    person_title: ClassVar[str] = "転入する人"
    event_label = "転入した日"
    planning = staticmethod(plan_move_in)
    service = staticmethod(services.move_in)
    paper = ("kind", "address", "household_number", "previous_address", "planned_out_on")

    KINDS: ClassVar[list[tuple[str, str]]] = [
        (code.value, str(code.label))
        for code in (
            EventCode.MOVE_IN,
            EventCode.SPECIAL_MOVE_IN,
            EventCode.MOVE_IN_FROM_ABROAD,
            EventCode.UNFILED_MOVE_IN,
            EventCode.FOREIGN_MOVE_IN,
            EventCode.FOREIGN_STATUS_NOTICE,
        )
    ]

    def __init__(self, *args: Any, people: Any = None, **kwargs: Any) -> None:
        self.people = people
        super().__init__(*args, **kwargs)

    def add_fields(self) -> None:
        self.fields["kind"] = forms.ChoiceField(label="届出の種類", choices=self.KINDS, initial=EventCode.MOVE_IN)
        self.fields["address"] = AddressField(label="新しい住所", required=False)
        self.fields["household_number"] = NumberField(
            kind="household", label="世帯番号（いまある世帯に入るとき）", required=False
        )
        self.fields["previous_address"] = forms.CharField(
            label="従前の住所", max_length=300, required=False, help_text="国外のときは国名を入力します。"
        )
        self.fields["planned_out_on"] = WarekiDateField(
            label="転出予定年月日", required=False, help_text="特例転入（カード）のときだけ入力します。"
        )

    def code(self) -> EventCode:
        return EventCode(self.cleaned_data["kind"])

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "newcomers": [form.newcomer(data["previous_address"]) for form in self.people],
            "destination": services.Destination(data["household_number"], data["address"]),
            "planned_out_on": data.get("planned_out_on"),
        }

    def subjects(self) -> list[str]:
        return [form.cleaned_data.get("returning", "") for form in self.people if form.cleaned_data.get("returning")]

    def take_error(self, error: KokunenError) -> None:
        """サービスの断りを、その人の欄に示す."""
        found = re.fullmatch(r"newcomers\.(\d+)\.(\w+)", error.field)
        if not found:
            return super().take_error(error)
        position, name = int(found[1]), found[2]
        name = {
            "registered_domicile": "domicile",
            "registered_domicile_head": "domicile_head",
            "atena_number": "returning",
        }.get(name, name)
        if name == "previous_address":
            return super().take_error(type(error)(error.message, name, error.code, error.hint))
        add_error(self.people[position], type(error)(error.message, name, error.code, error.hint))
        return None


class ExOfficioEntryForm(OfficeForm, MoveInForm):
    """職権記載: someone found living here, or written in by the mayor after fact finding (法8条, 令12条)."""

    title = "職権記載"
    person_title = "記載する人"
    event_label = "住所を定めた日（事実の生じた日）"
    paper = ("kind", "filing_kind", "address", "household_number", "previous_address")

    event_on = ImpreciseDateField(label="住所を定めた日")

    KINDS: ClassVar[list[tuple[str, str]]] = [
        (code.value, str(code.label)) for code in (EventCode.ADDRESS_FOUND, EventCode.EX_OFFICIO_ENTRY)
    ]

    def add_fields(self) -> None:
        MoveInForm.add_fields(self)
        OfficeForm.add_fields(self)
        self.fields["kind"].label = "記載の事由"
        self.fields["kind"].initial = EventCode.ADDRESS_FOUND
        self.fields["previous_address"].help_text = "分からないときは「不明」と入力します。"
        del self.fields["planned_out_on"]


def people_of_certificate(person: Mapping[str, Any]) -> dict[str, Any]:
    """転出証明書情報の1人 as the block of the form shows it: nothing is typed that the former city has said."""
    expires = person.get("residence_expires_on", "")
    birth = person.get("birth_text") or format_short(date.fromisoformat(person["birth_date"]))
    return {
        "name": person["name"],
        "name_kana": person.get("name_kana", ""),
        "birth": birth,
        "sex": person["sex"],
        "relationship": person.get("relationship", ""),
        "resident_kind": ResidentKind.FOREIGN if person.get("nationality") else ResidentKind.JAPANESE,
        "domicile": person.get("registered_domicile", ""),
        "domicile_head": person.get("registered_domicile_head", ""),
        "resident_code": person["resident_code"],
        "nationality": person.get("nationality", ""),
        "residence_class": person.get("residence_class", ""),
        "residence_status": person.get("residence_status", ""),
        "residence_period": person.get("residence_period", ""),
        "residence_expires_on": format_short(date.fromisoformat(expires)) if expires else "",
        "card_number": person.get("residence_card_number", ""),
        "alias": person.get("alias", ""),
        "alias_kana": person.get("alias_kana", ""),
    }


def paper_of_certificate(items: Mapping[str, Any]) -> dict[str, Any]:
    """転出証明書情報の用紙の部分."""
    return {
        "kind": EventCode.SPECIAL_MOVE_IN,
        "previous_address": items["address"],
        "planned_out_on": format_short(date.fromisoformat(items["planned_on"])),
    }
