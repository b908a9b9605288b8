"""免除の入力様式: one sheet for a whole visit. What is already chosen can stand; an officer types only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.law.engine.months import month_of
from kokunen.law.rules.exemption import DATED_GROUNDS, ORDER, Ground, Kind
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import Filer, IdentityDocument, NoticeKind
from kokunen.national_pension.exemption_choices import APPLIED, RESULT_WORDS, ExemptionKind, ExemptionResult
from kokunen.national_pension.exemption_desk import GROUNDS_JA, PEOPLE_JA, OpenCycle
from kokunen.national_pension.services.exemptions import DecisionRow, Sitting
from kokunen.national_pension.services.identity import POWER_OF_ATTORNEY

STUDENT_WORDS = "学生は国民年金法第90条の3による学生納付特例です（納付猶予・申請免除の対象外）"
_FILERS = [(str(one), one.label) for one in (Filer.SELF, Filer.HEAD, Filer.AGENT)]
_KINDS = [(str(kind), RESULT_WORDS[kind]) for kind in ORDER]


def _papers(kind: NoticeKind) -> list[tuple[str, str]]:
    names = dict.fromkeys(paper for one in form_of(kind).situations for paper in one.papers)
    return [(name, name) for name in names]


class SittingForm(forms.Form):
    """免除・納付猶予 or 学生納付特例: cycles, kinds not crossed out, ground, papers, identity."""

    cycles = forms.MultipleChoiceField(label="申請する年度", widget=forms.CheckboxSelectMultiple)
    identity_document = forms.ChoiceField(label="本人確認", choices=[("", "選んでください"), *IdentityDocument.choices])
    filer = forms.ChoiceField(label="届出人", choices=_FILERS, initial=str(Filer.SELF))
    ground = forms.ChoiceField(label="特例の事由", required=False, choices=[("", "なし（一般）"), *GROUNDS_JA.items()])
    ground_person = forms.ChoiceField(
        label="事由のある方", required=False, choices=list(PEOPLE_JA.items()), initial="applicant"
    )
    ground_on = WarekiDateField(
        label="離職・廃止・被災の日、または扶助の始まった日",
        required=False,
        help_text="離職は最後に働いた日です",
    )
    is_student = forms.BooleanField(label="学生である（大学・専門学校など。夜間・通信も含む）", required=False)
    dv_separated = forms.BooleanField(label="配偶者からの暴力により別居している", required=False)
    wished = forms.MultipleChoiceField(
        label="審査を希望する区分（希望しないものを外す）",
        required=False,
        choices=_KINDS,
        widget=forms.CheckboxSelectMultiple,
    )
    continue_wished = forms.BooleanField(label="翌年度以降の継続審査を希望する", required=False)
    school = forms.CharField(label="学校名・課程", max_length=37, required=False)
    enrolled = WarekiDateField(label="入学年月日", required=False)
    graduation = WarekiDateField(label="卒業予定年月日", required=False)
    papers = forms.MultipleChoiceField(label="確認・預かりの書類", required=False, widget=forms.CheckboxSelectMultiple)
    power_of_attorney = forms.BooleanField(label=f"{POWER_OF_ATTORNEY}を確認した", required=False)
    protection_confirmed = forms.BooleanField(label="支援措置の対象者であることを踏まえ本人と確認した", required=False)
    received_on = WarekiDateField(label="受付日", latest="today")

    def __init__(
        self, *args: Any, cycles: Sequence[OpenCycle], student: bool = False, protected: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.student = student
        offered = [cycle for cycle in cycles if cycle.open_months]
        chosen = self.fields["cycles"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(cycle.key, f"{cycle.label}　{cycle.span}") for cycle in offered]
        chosen.initial = [cycle.key for cycle in offered]
        papers = self.fields["papers"]
        assert isinstance(papers, forms.MultipleChoiceField)
        papers.choices = _papers(NoticeKind.STUDENT if student else NoticeKind.EXEMPTION)
        self.fields["wished"].initial = [str(kind) for kind in ORDER]
        self.fields["received_on"].initial = clock.today()
        left_out = (
            ("wished", "continue_wished", "dv_separated", "ground_person", "is_student")
            if student
            else ("school", "enrolled", "graduation")
        )
        for name in left_out:
            del self.fields[name]
        if student:
            self.fields["school"].required = self.fields["graduation"].required = True
        if not protected:
            del self.fields["protection_confirmed"]

    def clean(self) -> dict[str, Any]:
        """A ground has its day; at least one kind is wished."""
        values = super().clean() or {}
        if (
            values.get("ground")
            and values.get("ground") != "special_disability_benefit"
            and not values.get("ground_on")
        ):
            self.add_error("ground_on", "事由の日を入力してください")
        if values.get("is_student"):
            self.add_error("is_student", STUDENT_WORDS)
        if not self.student and not values.get("wished"):
            self.add_error("wished", "審査を希望する区分を1つ以上残してください")
        return values

    def sitting(self) -> Sitting:
        """The visit as typed (after `is_valid`)."""
        values = self.cleaned_data
        wished = frozenset(Kind(one) for one in values.get("wished", ()))
        return Sitting(
            cycles=tuple(values["cycles"]),
            received_on=values["received_on"],
            identity_document=values["identity_document"],
            filer=Filer(values["filer"]),
            papers=tuple(values["papers"]),
            power_of_attorney=values["power_of_attorney"],
            protection_confirmed=values.get("protection_confirmed", False),
            wished=frozenset() if len(wished) == len(ORDER) else wished,
            continue_wished=values.get("continue_wished", False),
            grounds=self._grounds(),
            dv_separated=values.get("dv_separated", False),
            school=values.get("school", ""),
            enrolled=values.get("enrolled"),
            graduation=values.get("graduation"),
        )

    def _grounds(self) -> dict[str, tuple[Ground, ...]]:
        values = self.cleaned_data
        kind, day = values.get("ground"), values.get("ground_on")
        if not kind:
            return {}
        person = values.get("ground_person") or "applicant"
        if kind in DATED_GROUNDS:
            return {person: (Ground(kind, day=day),)}
        return {person: (Ground(kind, first=month_of(day or values["received_on"])),)}


ROWS = (1, 2, 3)
"""裁定結果の行: a form is one cycle; more than three changes of kind within it go by another recording."""


class ResultForm(forms.Form):
    """裁定結果: as the Service's list says it, one row a part of the months (the first is the whole form by itself)."""

    decided_on = WarekiDateField(label="裁定日", latest="today")

    def __init__(self, *args: Any, student: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [ExemptionKind.STUDENT] if student else [kind for kind in APPLIED if kind != ExemptionKind.STUDENT]
        results = (ExemptionResult.GRANTED, ExemptionResult.REFUSED_INCOME, ExemptionResult.REFUSED_CONDITION)
        chosen = [(str(one), str(one.label)) for one in results]
        for row in ROWS:
            more = row > 1
            choices = [("", "（なし）"), *chosen] if more else chosen
            end = str(row) if more else ""
            self.fields |= {
                f"result{end}": forms.ChoiceField(label="裁定結果", choices=choices, required=not more),
                f"kind{end}": forms.ChoiceField(
                    label="承認された免除種類",
                    choices=[(str(kind), str(kind.label)) for kind in kinds],
                    required=False,
                ),
                f"first{end}": WarekiDateField(label="期間の始まり", required=False),
                f"last{end}": WarekiDateField(label="期間の終わり", required=False),
                f"note{end}": forms.CharField(label="却下の理由・備考", max_length=200, required=False),
            }

    @property
    def groups(self) -> list[list[forms.BoundField]]:
        """行ごとの欄, for the screen."""
        names = ("result", "kind", "first", "last", "note")
        return [[self[f"{name}{'' if row == 1 else row}"] for name in names] for row in ROWS]

    def rows(self) -> list[DecisionRow]:
        """裁定結果の行 as typed (after `is_valid`)."""
        values, found = self.cleaned_data, []
        for end in ("", "2", "3"):
            if values[f"result{end}"]:
                result = ExemptionResult(values[f"result{end}"])
                found.append(
                    DecisionRow(
                        result,
                        values[f"kind{end}"],
                        values[f"first{end}"],
                        values[f"last{end}"],
                        values[f"note{end}"],
                    )
                )
        return found
