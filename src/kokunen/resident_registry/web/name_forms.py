"""氏名の異動の入力: 氏名, 旧氏, 通称, 振り仮名 — an act of its own each, with what it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import KanaField
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import Cause, EventCode, FilingKind, KanaStatus
from kokunen.resident_registry.services.correction import plan_correction
from kokunen.resident_registry.web.forms import NoticeForm
from kokunen.resident_registry.web.office_forms import OfficeForm

_NAME_CAUSES = (
    Cause.MARRIAGE,
    Cause.DIVORCE,
    Cause.ADOPTION,
    Cause.DISSOLVED_ADOPTION,
    Cause.SURNAME_KEPT,
    Cause.SURNAME_CHANGED,
    Cause.GIVEN_NAME_CHANGED,
    Cause.NAMING,
    Cause.DOMICILE_MOVED,
)


class NameForm(OfficeForm):
    """氏名・戸籍の表示の変更 (321): on the notice of the 本籍地 (法9条2項) or from the own 戸籍."""

    title = "氏名・本籍の変更"
    event_code = EventCode.NAME_CORRECTION
    event_label = "戸籍の届出の日"
    planning = staticmethod(plan_correction)
    service = staticmethod(services.correct_items)
    paper = ("cause", "filing_kind", "name", "name_kana", "registered_domicile", "registered_domicile_head")

    def add_fields(self) -> None:
        super().add_fields()
        assert self.person is not None
        row = self.person.row
        self.fields["filing_kind"].initial = FilingKind.NOTIFICATION
        self.fields["cause"] = forms.ChoiceField(
            label="変更の事由", choices=[("", "選んでください"), *((one.value, one.label) for one in _NAME_CAUSES)]
        )
        self.fields["name"] = forms.CharField(label="氏名", max_length=200, initial=row.name, required=False)
        self.fields["name_kana"] = KanaField(label="氏名の振り仮名", required=False, initial=row.name_kana)
        self.fields["registered_domicile"] = forms.CharField(
            label="本籍", max_length=200, required=False, initial=row.registered_domicile
        )
        self.fields["registered_domicile_head"] = forms.CharField(
            label="筆頭者", max_length=200, required=False, initial=row.registered_domicile_head
        )

    def notice(self) -> services.Notice:
        return replace(super().notice(), cause=self.cleaned_data["cause"])

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        row, items = self.person.row, {}
        for name in ("name", "name_kana", "registered_domicile", "registered_domicile_head"):
            value = self.cleaned_data[name]
            value = "　".join(value.split()) if name == "name" else value.strip()
            if value != getattr(row, name):
                items[name] = value
        if "name" in items or "name_kana" in items:
            items["kana_status"] = KanaStatus.BOTH if self.cleaned_data["name_kana"] else KanaStatus.NEITHER
        return {"atena_number": row.atena_number, "items": items}


class FormerSurnameForm(NoticeForm):
    """旧氏の記載・変更・削除 (341-343, 令30条の14): on 請求, with the 戸籍; 旧氏 and its furigana together."""

    title = "旧氏の記載・変更・削除"
    event_label = "請求した日"
    planning = staticmethod(plan_correction)
    service = staticmethod(services.correct_items)
    paper = ("kind", "former_surname", "former_surname_kana")
    names: ClassVar[tuple[str, str]] = ("former_surname", "former_surname_kana")
    labels: ClassVar[tuple[str, str]] = ("旧氏", "旧氏の振り仮名")
    entry: ClassVar[tuple[EventCode, ...]] = (EventCode.FORMER_SURNAME_ENTRY,)
    standing: ClassVar[tuple[EventCode, ...]] = (EventCode.FORMER_SURNAME_CHANGE, EventCode.FORMER_SURNAME_REMOVAL)
    filing: ClassVar[FilingKind] = FilingKind.CLAIM
    papers_help: ClassVar[str] = "確認した戸籍などの書類を入力してください。"

    def add_fields(self) -> None:
        assert self.person is not None
        row = self.person.row
        codes = self.standing if getattr(row, self.names[0]) else self.entry
        self.fields["kind"] = forms.ChoiceField(
            label="届出の種類",
            choices=[(code.value, code.label) for code in codes],
            initial=codes[0],
            widget=forms.RadioSelect,
        )
        self.fields[self.names[0]] = forms.CharField(
            label=self.labels[0], max_length=100, required=False, initial=getattr(row, self.names[0])
        )
        self.fields[self.names[1]] = KanaField(
            label=self.labels[1], required=False, initial=getattr(row, self.names[1])
        )
        self.fields["event_on"].initial = clock.today()
        self.fields["remarks"].label = "確認した書類"
        self.fields["remarks"].required = True
        self.fields["remarks"].help_text = self.papers_help

    def code(self) -> EventCode:
        return EventCode(self.cleaned_data["kind"])

    def notice(self) -> services.Notice:
        return replace(super().notice(), filing_kind=self.filing)

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        row, removed = self.person.row, self.code() in (EventCode.FORMER_SURNAME_REMOVAL, EventCode.ALIAS_REMOVAL)
        items = {name: "" if removed else self.cleaned_data[name].strip() for name in self.names}
        return {"atena_number": row.atena_number, "items": items}


class AliasForm(FormerSurnameForm):
    """通称の記載・削除 (344-345, 令30条の16): on 申出 of a foreign resident, with papers that show its use in Japan."""

    title = "通称の記載・削除"
    event_label = "申出の日"
    paper = ("kind", "alias", "alias_kana")
    names = ("alias", "alias_kana")
    labels = ("通称", "通称の振り仮名")
    entry = (EventCode.ALIAS_ENTRY,)
    standing = (EventCode.ALIAS_REMOVAL,)
    filing = FilingKind.REQUEST
    papers_help = "国内の社会生活で通称を使っていることを示す書類を入力してください。"


class KanaForm(OfficeForm):
    """振り仮名の記載・修正 (346-347, 法7条1号の2): as the 戸籍 certifies it; residents do not file it here."""

    title = "氏名の振り仮名"
    event_label = "戸籍に記載された日"
    planning = staticmethod(plan_correction)
    service = staticmethod(services.correct_items)
    paper = ("kind", "filing_kind", "name_kana", "kana_status")

    def add_fields(self) -> None:
        super().add_fields()
        assert self.person is not None
        row = self.person.row
        self.fields["filing_kind"].initial = FilingKind.NOTIFICATION
        certified = row.kana_status != KanaStatus.NEITHER
        codes = (EventCode.KANA_CORRECTION,) if certified else (EventCode.KANA_ENTRY, EventCode.KANA_CORRECTION)
        self.fields["kind"] = forms.ChoiceField(
            label="異動の種類",
            choices=[(code.value, code.label) for code in codes],
            initial=codes[0],
            widget=forms.RadioSelect,
        )
        self.fields["name_kana"] = KanaField(label="氏名の振り仮名", initial=row.name_kana)
        self.fields["kana_status"] = forms.ChoiceField(
            label="公証の範囲", choices=KanaStatus.choices, initial=KanaStatus.BOTH
        )

    def code(self) -> EventCode:
        return EventCode(self.cleaned_data["kind"])

    def facts(self) -> dict[str, Any]:
        assert self.person is not None
        row = self.person.row
        items = {name: self.cleaned_data[name] for name in ("name_kana", "kana_status")}
        changed = {name: value for name, value in items.items() if value != getattr(row, name)}
        return {"atena_number": row.atena_number, "items": changed}
