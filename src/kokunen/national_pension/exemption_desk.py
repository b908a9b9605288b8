"""免除の机 (pure): which months of which cycles are open to one person today, and how an application would be judged.

No database here: what is known goes in, what the screen and the printed form say comes out. Every figure is the law's
(`kokunen.law.rules.exemption`); the decision is the Service's (法12条4項), so every word here is a 見込み.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kokunen.law.engine.months import first_day, month_text
from kokunen.law.rules.exemption import (
    DATED_GROUNDS,
    ORDER,
    PARTIAL,
    PEOPLE,
    Application,
    CycleResult,
    Decision,
    Ground,
    Kind,
    Person,
    Scheme,
    Status,
    application_window,
    decide,
    explain,
)
from kokunen.national_pension import money
from kokunen.national_pension.exemption_choices import LETTERS, OF_LAW, RESULT_WORDS, ExemptionKind
from kokunen.national_pension.judged_incomes import KnownIncome, year_label

PEOPLE_JA = {"applicant": "本人", "spouse": "配偶者", "householder": "世帯主"}
GROUNDS_JA = {
    "job_loss": "失業",
    "business_closed": "事業の廃止・休止",
    "disaster": "災害",
    "welfare_other": "生活保護（生活扶助以外の扶助）",
    "special_disability_benefit": "特別障害給付金",
}
SITUATIONS = {
    "job_loss": "unemployed",
    "business_closed": "closed_business",
    "disaster": "disaster",
    "welfare_other": "assistance",
    "special_disability_benefit": "other",
}
_STATUS_JA = {Status.KNOWN: "", Status.UNDECLARED: "未申告", Status.OTHER_CITY: "他市課税"}
_LIMIT_NAMES = (Kind.FULL, *PARTIAL)


@dataclass(frozen=True, slots=True)
class Standing:
    """その人の月: months of 第1号, months exempt already, months asked for already; `paid` as noted from System 7."""

    insured: frozenset[int]
    exempt: Mapping[int, str]
    waiting: frozenset[int]
    paid: frozenset[int] = frozenset()

    def closed(self, month: int) -> tuple[str, str]:
        """申請できない理由: a letter and words, ("", "") for a month that is open."""
        if month in self.exempt:
            kind = ExemptionKind(self.exempt[month])
            return LETTERS[kind][0], str(kind.label)
        if month in self.waiting:
            return "申", "申請中"
        if month not in self.insured:
            return "外", "第1号ではない月"
        if month in self.paid:
            return "納", "納付済"
        return "", ""


@dataclass(frozen=True, slots=True)
class OpenCycle:
    """申請できる年度: one form. `months` are those in reach, with why a month is not open."""

    scheme: Scheme
    year: int
    months: tuple[tuple[int, str, str], ...]

    @property
    def open_months(self) -> tuple[int, ...]:
        """まだ申請できる月."""
        return tuple(month for month, letter, _ in self.months if not letter)

    @property
    def first(self) -> int:
        """申請する期間の初月."""
        return self.open_months[0]

    @property
    def last(self) -> int:
        """申請する期間の終月."""
        return self.open_months[-1]

    @property
    def label(self) -> str:
        """年度."""
        return year_label(self.year)

    @property
    def key(self) -> str:
        """選ぶときの名."""
        return f"{self.scheme}-{self.year}"

    @property
    def span(self) -> str:
        """期間と月数."""
        if not self.open_months:
            return "申請できる月はありません"
        return f"{month_ja(self.first)}から{month_ja(self.last)}まで {len(self.open_months)}か月"


@dataclass(frozen=True, slots=True)
class Judged:
    """審査する人: who, and the incomes by income year."""

    name: str
    atena_number: str
    full_name: str
    birth: date
    incomes: Mapping[int, KnownIncome]


@dataclass(frozen=True, slots=True)
class Wish:
    """申請の内容: kinds not crossed out, grounds by person, and what else the form asks."""

    applied_on: date
    wished: frozenset[Kind] = frozenset()
    grounds: Mapping[str, Sequence[Ground]] = field(default_factory=dict)
    dv_separated: bool = False
    continue_wished: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """一人の行: figures as text; `word` is what income alone passes."""

    who: str
    full_name: str
    status: str
    income: str
    base: str
    dependants: str
    limits: tuple[tuple[str, str, bool | None], ...]
    word: str
    ground: str
    source: str


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """結果の行: months of one result."""

    first: str
    last: str
    months: int
    result: str
    word: str
    tone: str
    grounds: str
    money: str = ""


@dataclass(frozen=True, slots=True)
class CycleJudgement:
    """年度の見込み: rows for screen and form, the steps behind them, and what to say besides."""

    cycle: OpenCycle
    income_label: str
    persons: tuple[PersonRow, ...]
    segments: tuple[SegmentRow, ...]
    hints: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]
    may_continue: bool

    def as_json(self) -> dict[str, Any]:
        """保存の形: what stood on the form, kept with the application."""
        return {
            "cycle": self.cycle.label,
            "income": self.income_label,
            "persons": [
                {
                    "who": row.who,
                    "name": row.full_name,
                    "status": row.status,
                    "income": row.income,
                    "base": row.base,
                    "dependants": row.dependants,
                    "word": row.word,
                    "ground": row.ground,
                    "source": row.source,
                }
                for row in self.persons
            ],
            "segments": [
                {"first": s.first, "last": s.last, "months": s.months, "result": s.result, "word": s.word}
                for s in self.segments
            ],
            "hints": list(self.hints),
        }


def month_ja(month: int) -> str:
    """年月: month number → 令和8年10月."""
    from kokunen.kernel.wareki import format_wareki

    return format_wareki(first_day(month)).removesuffix("1日")


def open_cycles(today: date, scheme: Scheme, standing: Standing) -> tuple[OpenCycle, ...]:
    """申請できる年度: every cycle in reach of an application made today (2年1か月前から), with each month's state."""
    return tuple(
        OpenCycle(
            scheme,
            cycle.year,
            tuple((month, *standing.closed(month)) for month in range(cycle.first, cycle.last + 1)),
        )
        for cycle in application_window(today, scheme).cycles
    )


def judge(cycle: OpenCycle, people: Sequence[Judged], birth: date, wish: Wish) -> CycleJudgement:
    """見込みを出す: one form of one cycle; months of the cycle that are not open stay out."""
    application = _application(cycle, people, birth, wish)
    decision = decide(application)
    result = decision.cycles[0]
    known = {one.name: one for one in people}
    fiscal_year = wish.applied_on.year - (wish.applied_on.month < 4)
    may_continue = _may_continue(result)
    return CycleJudgement(
        cycle,
        f"{year_label(cycle.year)}（{year_label(cycle.year - 1).removesuffix('度')}中の所得）",
        tuple(_person_row(name, known[name], result) for name in decision.judged),
        tuple(
            _segment_row(segment.first, segment.last, segment.result, segment.grounds, fiscal_year)
            for segment in result.segments
        ),
        tuple(_hints(application, decision, wish, may_continue)),
        tuple(step.as_json() for step in explain(decision, cycle.scheme)),
        may_continue,
    )


def _application(cycle: OpenCycle, people: Sequence[Judged], birth: date, wish: Wish) -> Application:
    closed = frozenset(month for month, letter, _ in cycle.months if letter)
    return Application(
        cycle.scheme,
        wish.applied_on,
        birth,
        {
            one.name: Person(
                {year: known.income for year, known in one.incomes.items()}, tuple(wish.grounds.get(one.name, ()))
            )
            for one in people
        },
        from_month=cycle.first,
        to_month=cycle.last,
        insured_from=cycle.first,
        insured_to=cycle.last,
        paid_months=closed,
        wished=wish.wished if cycle.scheme is Scheme.GENERAL else frozenset(),
        dv_separated=wish.dv_separated,
    )


def _person_row(name: str, person: Judged, result: CycleResult) -> PersonRow:
    judgement = result.persons[name]
    income = judgement.income
    ground = next((s.grounds[name] for s in result.segments if name in s.grounds), "")
    known = person.incomes.get(result.cycle.income_year)
    limits = []
    for kind in _LIMIT_NAMES if income is not None else ():
        passed = None if income is None or income.amount is None else judgement.best.passes(kind)
        limits.append((RESULT_WORDS[kind], yen(judgement.limits[kind]), passed))
    return PersonRow(
        who=PEOPLE_JA[name],
        full_name=person.full_name,
        status=_STATUS_JA[judgement.status] or "申告あり",
        income=yen(income.amount) if income is not None and income.amount is not None else _STATUS_JA[judgement.status],
        base=yen(judgement.base) if judgement.base is not None else "",
        dependants=f"{judgement.dependants}人" if income is not None else "",
        limits=tuple(limits),
        word=RESULT_WORDS[judgement.best],
        ground=GROUNDS_JA.get(ground, ""),
        source=known.source if known else f"個人住民税 {year_label(result.cycle.income_year + 1)}（申告の記録なし）",
    )


def _segment_row(first: int, last: int, result: str, grounds: Mapping[str, str], fiscal_year: int) -> SegmentRow:
    tone = {"rejected": "bad", "undetermined": "warn"}.get(result, "good")
    words = "、".join(f"{PEOPLE_JA[name]}: {GROUNDS_JA[ground]}" for name, ground in grounds.items())
    told = money.of_exemption(result, first, last, fiscal_year)
    word, begin, end = RESULT_WORDS[result], month_text(first), month_text(last)
    return SegmentRow(begin, end, last - first + 1, result, word, tone, words, told)


def _may_continue(result: CycleResult) -> bool:
    """継続審査: only whole exemption and 納付猶予, not by a ground of a day (失業・廃業・災害)."""
    return all(
        segment.result in (Kind.FULL, Kind.DEFERRAL)
        and not any(ground in DATED_GROUNDS for ground in segment.grounds.values())
        for segment in result.segments
    )


def _hints(application: Application, decision: Decision, wish: Wish, may_continue: bool) -> Iterable[str]:
    result = decision.cycles[0]
    for name, judgement in result.persons.items():
        if judgement.status is Status.UNDECLARED:
            yield (
                f"{PEOPLE_JA[name]}の所得は未申告です。0円とはみなせません。市民税課で住民税の申告をお願いしてください"
            )
        elif judgement.status is Status.OTHER_CITY:
            yield f"{PEOPLE_JA[name]}は他市で課税されています。課税している市区町村の所得証明が必要です"
    results = {segment.result for segment in result.segments}
    if Kind.DEFERRAL in results:
        without = frozenset(application.wished or ORDER) - {Kind.DEFERRAL}
        other = decide(replace(application, wished=without)).cycles[0]
        words = "、".join(dict.fromkeys(RESULT_WORDS[segment.result] for segment in other.segments))
        amounts = [money.payable(segment.result, segment.first, segment.last) for segment in other.segments]
        paying = f"（納める額{sum(filter(None, amounts)):,}円）" if any(amounts) else ""
        yield f"納付猶予の月は年金額に反映されません。納付猶予を希望しないときの見込みは「{words}」{paying}です"
    if results & set(PARTIAL):
        yield "一部免除は、残りの保険料を2年以内に納めないと未納になります"
    if any(segment.grounds for segment in result.segments):
        plain = replace(application, persons={name: replace(p, grounds=()) for name, p in application.persons.items()})
        other = decide(plain).cycles[0]
        words = "、".join(dict.fromkeys(RESULT_WORDS[segment.result] for segment in other.segments))
        yield f"特例がないときの見込みは「{words}」です"
    if wish.continue_wished and not may_continue:
        yield "継続審査を希望できるのは、特例によらない全額免除と納付猶予だけです。この年度では希望できません"


def expected_kind(judgement: CycleJudgement) -> str:
    """見込みの免除種類 when the whole form has one result, else ""."""
    results = {segment.result for segment in judgement.segments}
    return str(OF_LAW[results.pop()]) if len(results) == 1 and results <= set(OF_LAW) else ""


def yen(amount: int | None) -> str:
    """金額の表記."""
    return "" if amount is None else f"{amount:,}円"


def ordered_people(people: Iterable[Judged]) -> list[Judged]:
    """本人、配偶者、世帯主の順."""
    return sorted(people, key=lambda one: PEOPLE.index(one.name))
