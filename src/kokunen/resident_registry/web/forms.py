"""届出の入力: one form a paper, its fields in the order of the paper. What a form hands over is the plan of a
service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms

from kokunen.common_platform.codes.towns import town_list
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import (
    ImpreciseDateField,
    KanaField,
    NumberField,
    WarekiDateField,
    add_error,
)
from kokunen.kernel.addresses import Address, parse_address
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import DestinationKind, EventCode, Filer, FilingKind, IdentityCheck, Sex
from kokunen.resident_registry.queries import HouseholdView, PersonView
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.households import plan_change_head, plan_join, plan_split
from kokunen.resident_registry.services.moving_in import plan_birth
from kokunen.resident_registry.services.moving_out import effective_notice, plan_move_out
from kokunen.resident_registry.services.relocation import plan_relocation
from kokunen.resident_registry.services.removal import plan_removal

Plan = Callable[[Desk], None]

_SHOWN_PAPERS = [(value, label) for value, label in IdentityCheck.choices if value != IdentityCheck.NOT_NEEDED]
LOWER = ("filer", "filer_name", "identity_check", "remarks")
_FILERS = [(value, label) for value, label in Filer.choices if value != Filer.OFFICE]


class NoticeForm(forms.Form):
    """届出の共通項目. `household` and `person` are what the city already knows; `supervised` = may handle protected
    people.
    """

    title: ClassVar[str] = ""
    lower_title: ClassVar[str] = "届出人・本人確認"
    event_label: ClassVar[str] = "異動日"
    event_code: ClassVar[EventCode]
    planning: ClassVar[Callable[..., None]]
    service: ClassVar[Callable[..., services.Receipt]]
    paper: ClassVar[tuple[str, ...]] = ()
    may_be_planned: ClassVar[bool] = False

    notified_on = WarekiDateField(label="届出日", latest="today", help_text="今日が入っています。")
    event_on: forms.Field = WarekiDateField(label="異動日")
    filer = forms.ChoiceField(label="届出人", choices=_FILERS, initial=Filer.SELF)
    filer_name = forms.CharField(label="届出人氏名（本人・世帯主以外）", max_length=100, required=False)
    identity_check = forms.ChoiceField(label="本人確認", choices=[("", "選んでください"), *_SHOWN_PAPERS])
    remarks = forms.CharField(label="備考", max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        household: HouseholdView | None = None,
        person: PersonView | None = None,
        supervised: bool = False,
        preview: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.household, self.person, self.supervised = household, person, supervised
        self.fields["notified_on"].initial = clock.today()
        self.fields["event_on"].label = self.event_label
        if not self.may_be_planned:  # the echo says it at once; the refusal itself is the service's, in the ledger
            self.fields["event_on"].widget.attrs["data-latest"] = "today"
        self.members = list(household.members) if household else []
        self.add_fields()
        for name in LOWER if preview else ():
            self.fields[name].required = False
        if not self.is_bound:
            self.fields["event_on"].widget.attrs["autofocus"] = True
        first = ("notified_on", "event_on", *self.paper)
        self.order_fields([*first, *(name for name in self.fields if name not in (*first, *LOWER)), *LOWER])

    def add_fields(self) -> None:
        """Fields that depend on the household."""

    # --- what a form hands over ---------------------------------------------------------------------------------------

    def code(self) -> EventCode:
        """異動事由."""
        return self.event_code

    def notice(self) -> services.Notice:
        """届出 as typed."""
        value = self.cleaned_data["event_on"]
        return services.Notice(
            self.code(),
            value if isinstance(value, ImpreciseDate) else ImpreciseDate.of(value),
            notified_on=self.cleaned_data["notified_on"],
            filing_kind=FilingKind.NOTICE,
            filer=Filer(self.cleaned_data["filer"] or Filer.SELF),
            filer_name=self.cleaned_data["filer_name"],
            identity_check=IdentityCheck(self.cleaned_data["identity_check"] or IdentityCheck.NOT_NEEDED),
            remarks=self.cleaned_data["remarks"],
            supervised=self.supervised,
        )

    def facts(self) -> dict[str, Any]:
        """Keywords that the plan and the service have in common."""
        return {}

    def plan(self) -> Plan:
        """届出の判定 of the service, for the right side of the screen."""
        return partial(type(self).planning, **self.facts())

    def register(
        self, context: AccessContext, expected: Mapping[str, int], acknowledged: Collection[str]
    ) -> services.Receipt:
        """届出の登録 by the service."""
        return type(self).service(
            context=context, notice=self.notice(), expected=expected, acknowledged=acknowledged, **self.facts()
        )

    def subjects(self) -> list[str]:
        """異動者 for the ledger."""
        return [self.person.row.atena_number] if self.person else []

    # --- parts -------------------------------------------------------------------------------------------------------

    def add_movers(self, label: str = "異動する人") -> None:
        """異動者: everybody of the household, the person on the desk chosen."""
        assert self.person is not None
        self.fields["movers"] = forms.MultipleChoiceField(
            label=label,
            choices=[(m.row.atena_number, _mover_words(m)) for m in self.members],
            initial=[self.person.row.atena_number],
            widget=forms.CheckboxSelectMultiple,
        )

    def add_relations(self, help_text: str = "") -> None:
        """続柄: one field a member; empty = as it is or as proposed."""
        for member in self.members:
            self.fields[f"relation_{member.row.atena_number}"] = forms.CharField(
                label=f"{member.row.name}（今: {member.row.relationship or '未設定'}）",
                max_length=60,
                required=False,
                help_text=help_text,
                widget=forms.TextInput(attrs={"list": "relations", "autocomplete": "off"}),
            )

    def add_new_head(self, label: str = "残る世帯の新しい世帯主") -> None:
        """新しい世帯主."""
        choices = [(m.row.atena_number, m.row.name) for m in self.members]
        self.fields["new_head"] = forms.ChoiceField(
            label=label, choices=[("", "選ばない（世帯主が残る、または1人が残る）"), *choices], required=False
        )

    def relations(self, numbers: Collection[str] | None = None) -> dict[str, str]:
        """続柄 that were typed, by 宛名番号."""
        found = {}
        for member in self.members:
            number = member.row.atena_number
            text = self.cleaned_data.get(f"relation_{number}", "").strip()
            if text and (numbers is None or number in numbers):
                found[number] = text
        return found

    def staying(self) -> dict[str, Any]:
        """残る世帯員: the keywords of the services."""
        moving = set(self.cleaned_data.get("movers", ())) or set(self.subjects())
        others = [m.row.atena_number for m in self.members if m.row.atena_number not in moving]
        return {"new_head": self.cleaned_data.get("new_head") or None, "staying_relations": self.relations(others)}

    def take_error(self, error: KokunenError) -> None:
        """サービスの断りを項目に示す."""
        field = re.sub(r"^relations\.", "relation_", error.field)
        field = {"parent_atena_number": "", "relationship": "relationship"}.get(field, field)
        add_error(self, type(error)(error.message, field, error.code, error.hint) if field != error.field else error)

    def relation_fields(self) -> list[forms.BoundField]:
        """続柄の欄, for the template."""
        return [self[name] for name in self.fields if name.startswith("relation_")]

    def paper_fields(self) -> list[forms.BoundField]:
        """紙の順の欄 without 続柄 and the lower part."""
        return [self[name] for name in self.fields if name not in LOWER and not name.startswith("relation_")]

    def lower_fields(self) -> list[forms.BoundField]:
        """届出人と本人確認."""
        return [self[name] for name in LOWER]


def _mover_words(member: PersonView) -> str:
    marks = "（転出予定）" if member.row.planned_departure_on else ""
    return f"{member.row.name}　{member.row.relationship}　{member.birth}生{marks}"


class AddressField(forms.CharField):
    """市内の住所: 青木2-1-1 ○○荘101 → parts in the official form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "例: 青木2-1-1 川口荘101")
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "list": "towns"}))
        super().__init__(max_length=200, **options)

    def clean(self, value: Any) -> Address | None:
        """The address, or None when empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_address(text, town_list())
        except InputError as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class MoveOutForm(NoticeForm):
    """転出 (国内)."""

    title = "転出届"
    event_code = EventCode.MOVE_OUT
    planning = staticmethod(plan_move_out)
    service = staticmethod(services.move_out)
    event_label = "転出（予定）日"
    may_be_planned = True
    destination_kind: ClassVar[DestinationKind] = DestinationKind.DOMESTIC
    destination_label: ClassVar[str] = "転出先の住所"
    destination_help: ClassVar[str] = "市区町村名だけでも登録できます。"
    paper = ("movers", "destination", "new_head")

    def add_fields(self) -> None:
        self.fields["event_on"].help_text = "先の日付も入力できます。"
        self.add_movers("転出する人")
        self.fields["destination"] = forms.CharField(
            label=self.destination_label, max_length=200, help_text=self.destination_help
        )
        self.add_new_head()

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        departure = services.Departure(data["destination"], self.destination_kind)
        return {"movers": data["movers"], "departure": departure, **self.staying()}

    def plan(self) -> Plan:
        return partial(plan_move_out, asked=self.notice(), **self.facts())

    def effective(self) -> services.Notice:
        """届出の扱い (204 when late)."""
        return effective_notice(self.notice(), clock.today())


class MoveOutAbroadForm(MoveOutForm):
    """転出 (国外)."""

    title = "転出届（国外）"
    event_code = EventCode.MOVE_OUT_ABROAD
    destination_kind = DestinationKind.ABROAD
    destination_label = "転出先の国"
    destination_help = "国名を入力してください。都市名まで分かるときは続けて入力します。"


class RelocationForm(NoticeForm):
    """転居."""

    title = "転居届"
    event_code = EventCode.RELOCATION
    planning = staticmethod(plan_relocation)
    service = staticmethod(services.relocate)
    paper = ("movers", "address", "household_number", "new_head")

    def add_fields(self) -> None:
        self.add_movers("転居する人")
        self.fields["address"] = AddressField(label="新しい住所", required=False)
        self.fields["household_number"] = NumberField(
            kind="household",
            label="転居先の世帯番号",
            required=False,
            help_text="いまある世帯に入るときだけ入力します。",
        )
        self.add_new_head()
        self.add_relations()

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        where = services.Destination(data["household_number"], data["address"])
        return {
            "movers": data["movers"],
            "destination": where,
            "relations": self.relations(data["movers"]),
            **self.staying(),
        }


class DeathForm(NoticeForm):
    """死亡."""

    title = "死亡の届出・通知"
    event_code = EventCode.DEATH
    planning = staticmethod(plan_removal)
    service = staticmethod(services.register_death)
    event_label = "死亡した日"
    paper = ("new_head",)

    event_on = ImpreciseDateField(label="死亡した日", help_text="不詳のときは R8.11.- のように入力します。")

    def add_fields(self) -> None:
        assert self.person is not None
        number = self.person.row.atena_number
        self.members = [m for m in self.members if m.row.atena_number != number]
        self.add_new_head()
        self.add_relations()

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        return {"atena_number": self.person.row.atena_number, **self.staying()}


class BirthForm(NoticeForm):
    """出生: the child joins the household of the parent on the desk."""

    title = "出生の届出・通知"
    event_code = EventCode.BIRTH
    planning = staticmethod(plan_birth)
    service = staticmethod(services.register_birth)
    event_label = "生まれた日"
    paper = ("child_name", "child_kana", "sex", "relationship", "domicile", "domicile_head", "nationality")

    event_on = ImpreciseDateField(label="生まれた日")

    def add_fields(self) -> None:
        assert self.person is not None
        row = self.person.row
        relation = "子" if row.is_head or row.relationship in ("妻", "夫") else f"{row.relationship}の子"
        surname = row.name.split("　")[0]
        self.fields["child_name"] = forms.CharField(
            label="子の氏名",
            max_length=100,
            required=False,
            initial=f"{surname}　",
            help_text="名が未定のときは空欄にします。",
        )
        self.fields["child_kana"] = KanaField(label="子の氏名の振り仮名", required=False)
        self.fields["sex"] = forms.ChoiceField(label="性別", choices=[("", "選んでください"), *Sex.choices[:2]])
        self.fields["relationship"] = forms.CharField(label="世帯主との続柄", max_length=60, initial=relation)
        self.fields["domicile"] = forms.CharField(label="本籍", required=False, initial=row.registered_domicile)
        self.fields["domicile_head"] = forms.CharField(
            label="筆頭者", required=False, initial=row.registered_domicile_head
        )
        self.fields["nationality"] = forms.CharField(
            label="国籍・地域（外国人の子）",
            max_length=60,
            required=False,
            initial=row.nationality,
            help_text="日本国籍の子は空欄にします。",
        )

    def facts(self) -> dict[str, Any]:
        return {"child": self._child()}

    def _child(self) -> services.Newborn:
        assert self.person is not None
        data = self.cleaned_data
        surname_only = data["child_name"].strip() == self.fields["child_name"].initial.strip()
        return services.Newborn(
            name="" if surname_only else data["child_name"].strip(),
            name_kana="" if surname_only else data["child_kana"],
            sex=data["sex"],
            relationship=data["relationship"],
            parent_atena_number=self.person.row.atena_number,
            registered_domicile=data["domicile"],
            registered_domicile_head=data["domicile_head"],
            nationality=data["nationality"],
        )


class HouseholdForm(NoticeForm):
    """世帯変更届: 分離, 合併, 世帯変更, 世帯主変更 on one screen, with the whole household."""

    title = "世帯変更届"
    paper = ("kind", "movers", "household_number", "new_head")

    KINDS: ClassVar[list[tuple[str, str]]] = [
        (EventCode.HEAD_CHANGE, "世帯主変更"),
        (EventCode.HOUSEHOLD_SPLIT, "世帯分離"),
        (EventCode.HOUSEHOLD_MERGE, "世帯合併（全員）"),
        (EventCode.HOUSEHOLD_CHANGE, "世帯変更（一部）"),
    ]

    def add_fields(self) -> None:
        self.fields["kind"] = forms.ChoiceField(
            label="届出の種類", choices=self.KINDS, widget=forms.RadioSelect, initial=EventCode.HEAD_CHANGE
        )
        self.add_movers("異動する人")
        self.fields["movers"].help_text = "世帯主変更では不要です。"
        self.fields["movers"].required = False
        self.fields["household_number"] = NumberField(
            kind="household",
            label="異動先の世帯番号",
            required=False,
            help_text="合併・世帯変更のときに入力します。",
        )
        self.add_new_head("新しい世帯主")
        self.fields["new_head"].help_text = "世帯主変更のとき、または世帯主が移るときに選びます。"
        self.add_relations()

    def code(self) -> EventCode:
        return EventCode(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == EventCode.HEAD_CHANGE and not data.get("new_head"):
            self.add_error("new_head", forms.ValidationError("新しい世帯主を選んでください。", code="missing_field"))
        if (
            data.get("kind") in (EventCode.HOUSEHOLD_MERGE, EventCode.HOUSEHOLD_CHANGE)
            and not data.get("household_number")
            and "household_number" not in self.errors
        ):
            self.add_error(
                "household_number",
                forms.ValidationError("異動先の世帯番号を入力してください。", code="missing_field"),
            )
        return data

    def _number(self) -> str:
        assert self.household is not None
        return self.household.household_number

    def plan(self) -> Plan:
        data = self.cleaned_data
        if self.code() == EventCode.HEAD_CHANGE:
            return partial(
                plan_change_head, household_number=self._number(), new_head=data["new_head"], relations=self.relations()
            )
        moving = {"movers": data["movers"], "relations": self.relations(data["movers"]), **self.staying()}
        if self.code() == EventCode.HOUSEHOLD_SPLIT:
            return partial(plan_split, **moving)
        return partial(plan_join, household_number=data["household_number"], **moving)

    def register(
        self, context: AccessContext, expected: Mapping[str, int], acknowledged: Collection[str]
    ) -> services.Receipt:
        data = self.cleaned_data
        common: dict[str, Any] = {
            "context": context,
            "notice": self.notice(),
            "expected": expected,
            "acknowledged": acknowledged,
        }
        if self.code() == EventCode.HEAD_CHANGE:
            return services.change_head(
                household_number=self._number(), new_head=data["new_head"], relations=self.relations(), **common
            )
        moving = {"movers": data["movers"], "relations": self.relations(data["movers"]), **self.staying()}
        if self.code() == EventCode.HOUSEHOLD_SPLIT:
            return services.split_household(**moving, **common)
        return services.join_household(household_number=data["household_number"], **moving, **common)
