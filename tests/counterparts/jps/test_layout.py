"""様式の試験: the definition agrees with itself, and with the words of the pension section."""

from __future__ import annotations

import dataclasses
from importlib.resources import files
from typing import Any

import pytest
import yaml

from kokunen.counterparts.jps.layout import build_layout, load_layout
from kokunen.national_pension.reporting_types import MediumKind, NoticeKind, ReportLine

LAYOUT = load_layout()


def _definitions() -> dict[str, Any]:
    folder = files("kokunen.counterparts.jps") / "layout"
    names = ("medium", "codes", "notices", "gaiji", "result")
    return {name: yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8")) for name in names}


@pytest.mark.function("S1-3")
def test_届書の種類はすべて様式にある() -> None:
    assert set(LAYOUT.notices) == {kind.value for kind in NoticeKind}


def test_媒体はCDとDVDだけで_フラッシュメモリはない() -> None:
    assert {medium.label for medium in LAYOUT.media.values()} == {"CD", "DVD"} == {kind.name for kind in MediumKind}


def test_媒体通番は最初の行の四番目にある() -> None:
    assert [item.name for item in LAYOUT.management.fields].index("serial") == 3


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_項目の出所は報告の行にある(kind: NoticeKind) -> None:
    attributes = {item.name for item in dataclasses.fields(ReportLine)}
    for item in LAYOUT.notices[kind].record.fields:
        sources = [] if item.automatic else item.sources
        assert all(source.startswith("details.") or source in attributes for source in sources), item.name


def test_宛名番号は媒体に出ない() -> None:
    named = {source for notice in LAYOUT.notices.values() for item in notice.record.fields for source in item.sources}
    assert "atena_number" not in named


def _break(definitions: dict[str, Any], how: str) -> None:
    notices = definitions["notices"]["notices"]
    if how == "列の数":
        notices["loss"]["columns"].pop()
    elif how == "届書コードの重複":
        notices["loss"]["code"] = notices["death"]["code"]
    elif how == "項目名の重複":
        notices["loss"]["columns"].append(notices["loss"]["columns"][-2])
    else:
        notices["loss"]["columns"][2]["type"] = "unknown"


@pytest.mark.parametrize("how", ["列の数", "届書コードの重複", "項目名の重複", "知らない型"])
def test_矛盾した定義は読み込まれない(how: str) -> None:
    definitions = _definitions()
    _break(definitions, how)
    with pytest.raises(ValueError, match=r"columns|written alike|same name|unknown type"):
        build_layout(**definitions)


def test_定義を差し替えれば_列もコードも順序もプログラムを変えずに変わる() -> None:
    definitions = _definitions()
    loss = definitions["notices"]["notices"]["loss"]
    loss["code"] = "2201700"
    loss["columns"] = [{"name": "event_on", "label": "資格喪失年月日", "type": "western_date"}, *loss["columns"][:2]]
    loss["width"] = 21
    definitions["codes"]["tables"]["sex"]["2"] = {"label": "女", "to": "9"}
    changed = build_layout(**definitions)
    assert changed.by_code["2201700"].record.fields[0].type.describe() == "西暦YYYYMMDD"
    sex = next(item for item in changed.notices["death"].record.fields if item.name == "sex")
    assert sex.type.encode("2", []) == ("9",)
