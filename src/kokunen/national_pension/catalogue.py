"""届書の目録: every form of the counter as data (`catalogue.yaml`), read once and checked when it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kokunen.national_pension.choices import (
    ACQUISITION_REASONS,
    INSURED_TYPES,
    LOSS_REASONS,
    NoticeKind,
)
from kokunen.national_pension.forms_of_law import OFFERED_FORMS, options

FIELD_TYPES = ("text", "kana", "date", "month", "choice", "flag", "number", "year", "yen", "digits")
DECIDERS = {"city": "川口市", "service": "日本年金機構", "minister": "厚生労働大臣", "bureau": "地方厚生局長"}
ACCEPTANCE, DECISION = "acceptance", "decision"
RECORDS = {
    "R1": "R1 基本情報",
    "R2": "R2 資格情報",
    "R3": "R3 付加情報",
    "R4": "R4 任意加入情報",
    "R5": "R5 免除情報",
    "R6": "R6 老齢裁定受付",
    "R7": "R7 障害裁定受付",
    "R8": "R8 遺族裁定受付",
    "R9": "R9 老齢福祉年金",
    "R10": "R10 所得情報",
}
"""別添1の記録項目のまとまり."""
_TABLES = {"acquisition": ACQUISITION_REASONS, "loss": LOSS_REASONS, "kind": INSURED_TYPES}


@dataclass(frozen=True, slots=True)
class FormField:
    """記載欄: one field of a form. `fill` names what the city knows; `maximum` is a length in characters."""

    name: str
    label: str
    type: str
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    fill: str = ""
    help: str = ""
    maximum: int = 100
    length: int = 0

    def shown(self, value: Any) -> str:
        """表示の形 of a stored value (dates ISO, months YYYY-MM, flags true/false)."""
        from kokunen.kernel.wareki import format_wareki

        if value in (None, ""):
            return ""
        if self.type == "flag":
            return "はい" if value else "いいえ"
        if self.type == "choice":
            return self.options.get(str(value), str(value))
        if self.type == "date":
            return format_wareki(date.fromisoformat(str(value)))
        if self.type == "month":
            return format_wareki(date.fromisoformat(f"{value}-01")).removesuffix("1日")
        if self.type == "year":
            return f"{format_wareki(date(int(value), 7, 1)).split('年')[0]}年度"
        if self.type == "yen":
            return f"{int(value):,}円"
        return str(value)


@dataclass(frozen=True, slots=True)
class Situation:
    """事情: a case of a form, with the papers that it needs; it may be decided elsewhere than the form in general."""

    code: str
    label: str
    papers: tuple[str, ...] = ()
    decides: str = ""
    ends_with: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """期限: days from the fact, years from the right, or words; `confirmed` false = 目安."""

    days: int = 0
    years: int = 0
    words: str = ""
    confirmed: bool = True

    @property
    def text(self) -> str:
        """期限 in words."""
        said = self.words or (
            f"{self.days}日以内" if self.days else f"{self.years}年以内" if self.years else "期限なし"
        )
        return said if self.confirmed else f"{said}（目安）"


@dataclass(frozen=True, slots=True)
class Form:
    """届書: one form of the catalogue."""

    kind: NoticeKind
    name: str
    task: str
    function: str
    purpose: str
    law: str
    limit: Limit
    decides: str
    goes_to: str
    report: str
    ends_with: str
    records: tuple[str, ...]
    situations: tuple[Situation, ...]
    fields: tuple[FormField, ...]
    about_deceased: bool = False
    valid_from: date | None = None

    @property
    def code(self) -> str:
        """F01 …"""
        return str(self.kind)

    @property
    def decider(self) -> str:
        """決定する者 in words."""
        return DECIDERS[self.decides]

    @property
    def record_items(self) -> tuple[str, ...]:
        """別添1の項目 as the ledger names them."""
        return tuple(RECORDS[one] for one in self.records)

    def situation(self, code: str) -> Situation | None:
        """事情 by code."""
        return next((one for one in self.situations if one.code == code), None)

    def field(self, name: str) -> FormField:
        """記載欄 by name; KeyError when the form has none of that name."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    def shown(self, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        """記載 as (label, words), the fields that say something, in the order of the paper."""
        rows = [(one.label, one.shown(data.get(one.name))) for one in self.fields]
        return [(label, words) for label, words in rows if words]

    def ends_with_decision(self, situation: str = "") -> bool:
        """決定を待つか: does the acceptance by the Service not yet end the receipt?"""
        chosen = self.situation(situation)
        return ((chosen.ends_with if chosen else "") or self.ends_with) == DECISION


@lru_cache(maxsize=1)
def catalogue() -> Mapping[NoticeKind, Form]:
    """目録. ValueError names the form that is wrong."""
    import yaml

    text = files("kokunen.national_pension").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    found = {NoticeKind(code): _form(NoticeKind(code), spec) for code, spec in yaml.safe_load(text).items()}
    missing = set(NoticeKind) - set(found)
    if missing:
        raise ValueError(f"届書の目録に {sorted(missing)} がありません")
    return found


def form_of(kind: NoticeKind | str) -> Form:
    """届書: the form of that code."""
    return catalogue()[NoticeKind(kind)]


def counter_forms() -> Iterator[Form]:
    """窓口の届書: all but the city's own withdrawal."""
    return (form for form in catalogue().values() if form.kind is not NoticeKind.WITHDRAWAL)


def _form(kind: NoticeKind, spec: Mapping[str, Any]) -> Form:
    if spec["name"] != kind.label:
        raise ValueError(f"{kind}: 目録の名称「{spec['name']}」が「{kind.label}」と違います")
    given = dict(spec.get("limit", {}))
    decides = spec.get("decides", "service")
    fields = tuple(_field(kind, one) for one in spec.get("fields", ()))
    if len({one.name for one in fields}) != len(fields):
        raise ValueError(f"{kind}: 同じ名前の欄があります")
    return Form(
        kind=kind,
        name=spec["name"],
        task=spec["task"],
        function=spec.get("function", "S1-1"),
        purpose=spec.get("purpose", "pension_qualification"),
        law=spec["law"],
        limit=Limit(given.get("days", 0), given.get("years", 0), given.get("words", ""), not given.get("check")),
        decides=decides if decides in DECIDERS else "service",
        goes_to=spec.get("goes_to", "年金事務所"),
        report=spec["report"],
        ends_with=spec.get("ends_with", ACCEPTANCE),
        records=tuple(spec["records"]),
        situations=_situations(kind, spec),
        fields=fields,
        about_deceased=spec.get("about_deceased", False),
        valid_from=spec.get("from"),
    )


def _situations(kind: NoticeKind, spec: Mapping[str, Any]) -> tuple[Situation, ...]:
    if kind in OFFERED_FORMS:
        return tuple(Situation(one.code, one.label, one.papers) for one in options(kind))
    return tuple(
        Situation(
            one["code"], one["label"], tuple(one.get("papers", ())), one.get("decides", ""), one.get("ends_with", "")
        )
        for one in spec.get("situations", ())
    )


def _field(kind: NoticeKind, spec: Mapping[str, Any]) -> FormField:
    if spec["type"] not in FIELD_TYPES:
        raise ValueError(f"{kind} {spec['name']}: 欄の種類「{spec['type']}」はありません")
    table = _TABLES.get(spec.get("table", ""))
    choices = dict(table.choices()) if table else {str(code): label for code, label in spec.get("options", {}).items()}
    if (spec["type"] == "choice") != bool(choices):
        raise ValueError(f"{kind} {spec['name']}: 選択肢がありません")
    return FormField(
        name=spec["name"],
        label=spec["label"],
        type=spec["type"],
        required=spec.get("required", False),
        options=choices,
        fill=str(spec.get("fill", "")) if spec.get("fill") is not True else "yes",
        help=spec.get("help", ""),
        maximum=spec.get("max", 100),
        length=spec.get("length", 0),
    )
