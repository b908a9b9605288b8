"""第三者の事例: the published test cases of OpenFisca Japan on deductions and exemption limits, against our law.

The cases are read where their package has them, in an environment of its own (benchmarks/rivals/openfisca.lock);
nothing of them is copied. Their period 2023-06 is the income year of 令和6年度; the same people a year younger are run
for 令和7年度, whose deductions are the same. Totals of tax are simplified there and are no measure.

Ends with 1 for a difference that docs/guide/openfisca-differences.yaml does not explain, or an explained one that is
gone; with 2, saying why, when the package is not to be had on this machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import _rivals  # noqa: E402

from kokunen.law.rules import resident_tax  # noqa: E402

FILES = ("配偶者控除", "配偶者特別控除", "扶養控除", "各種控除", "住民税非課税世帯")
COLUMNS = {
    "住民税配偶者控除": "deductions.spouse", "住民税配偶者特別控除": "deductions.spouse_special",
    "住民税扶養控除": "deductions.dependants", "住民税障害者控除": "deductions.disability",
    "住民税寡婦控除": "deductions.widow", "住民税ひとり親控除": "deductions.single_parent",
    "住民税勤労学生控除": "deductions.working_student", "住民税基礎控除": "deductions.basic",
    "住民税非課税世帯": "exemption",
}  # fmt: skip
EXPLAINED = ROOT / "docs" / "guide" / "openfisca-differences.yaml"
_SPECIAL = {"身体障害者手帳等級": ("一級", "二級"), "精神障害者保健福祉手帳等級": ("一級",), "療育手帳等級": ("A",),
            "愛の手帳等級": ("一度", "二度")}  # fmt: skip
_PARENT, _CHILD, _ELDER = date(1980, 5, 1), date(2010, 5, 1), date(1950, 5, 1)
Facts = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Dates stay texts: they are keys of the cases."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def main() -> int:
    """Run every case for both years and say what differs."""
    try:
        where = _rivals.told_by("openfisca", "openfisca_where.py")
    except _rivals.RivalMissing as error:
        print(f"OpenFisca Japan を用意できないため、事例を確かめられません: {error}", file=sys.stderr)
        return 2
    explained = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))
    reasons = {(one["file"], one["name"], one["member"]): one["reason"] for one in explained["differences"]}
    seen: set[tuple[str, str, str]] = set()
    ran = wrong = known = 0
    for tax_year in (2024, 2025):
        for file in FILES:
            cases = yaml.load((Path(where) / "住民税" / f"{file}.yaml").read_text(encoding="utf-8"), _Loader)
            for case in cases:
                for member, variable, expected, found in _run(case, tax_year):
                    ran += 1
                    if expected == found:
                        continue
                    key = (file, case["name"], member)
                    seen.add(key)
                    known += key in reasons
                    if key not in reasons:
                        wrong += 1
                        print(f"説明のない違い 令和{tax_year - 2018}年度 {file}／{case['name']}／{member} {variable}: "
                              f"OpenFisca {expected}、国年 {found}")  # fmt: skip
    gone = set(reasons) - seen
    for key in sorted(gone):
        print(f"なくなった違い（説明を消してください）: {'／'.join(key)}")
    print(f"値 {ran} 件を比べた。説明のある違い {known} 件（{len(seen)} か所、{EXPLAINED.relative_to(ROOT)}）")
    print(f"{ran - wrong} passed, {wrong + len(gone)} failed")
    return 1 if wrong or gone else 0


def _run(case: Mapping[str, Any], tax_year: int) -> Iterator[tuple[str, str, Any, Any]]:
    """(member, variable, expected, found) of every value that a case states and we compute."""
    given = case["input"]
    households = given.get("世帯一覧") or {"世帯": given.get("世帯") or {"親一覧": list(given["世帯員"])}}
    people = {name: facts or {} for name, facts in given.get("世帯員", {}).items()}
    results: dict[str, dict[str, Any]] = {}
    for name, household in households.items():
        own = _household(household, people, tax_year)
        results |= own
        results[name] = {
            column: all(one[column] == "all_exempt" for one in own.values()) if column == "exemption"
            else sum(one[column] for one in own.values())
            for column in COLUMNS.values()
        }  # fmt: skip
    stated = case["output"]
    members = dict(stated.get("世帯員", {})) | dict(stated.get("世帯一覧", {}))
    if "世帯" in stated:
        members["世帯"] = stated["世帯"]
    for member, values in members.items():
        for variable, value in values.items():
            if variable in COLUMNS:
                yield member, variable, _plain(value), results[member][COLUMNS[variable]]


def _plain(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, dict) else value


def _household(household: Mapping[str, Any], people: Mapping[str, Any], tax_year: int) -> dict[str, dict[str, Any]]:
    """Every member as a taxpayer: whoever earns most has the family, the others have none."""
    parents = list(household.get("親一覧") or [])
    children, elders = list(household.get("子一覧") or []), list(household.get("祖父母一覧") or [])
    members = [*parents, *children, *elders]
    facts = {name: {key: _plain(value) for key, value in (people.get(name) or {}).items()} for name in members}
    income = {name: _income(one) for name, one in facts.items()}
    if "世帯高所得" in household:
        income[parents[0]] = int(_plain(household["世帯高所得"]))
    payer = max(members, key=lambda name: income[name])
    found = {}
    for name in members:
        own: Facts = {
            "person": [name], "birth_date": [_born(facts[name], _default(name, children, elders), tax_year)],
            "business_income": [income[name]], "disability": [_disability(facts[name])],
            "area_grade": [int(_plain(household.get("居住級地区分1", 1)))],
            "widow": [bool(facts[name].get("寡婦"))],
            "working_student": [bool(facts[name].get("学生")) and income[name] > 0],
        }  # fmt: skip
        relatives: list[Facts] = []
        if name == payer:
            spouse = next((one for one in parents if one != name and name in parents), None)
            if spouse and facts[spouse].get("同一生計配偶者である", True):
                own |= {"spouse_birth_date": [_born(facts[spouse], _PARENT, tax_year)],
                        "spouse_total_income": [income[spouse]],
                        "spouse_disability": [_disability(facts[spouse])]}  # fmt: skip
            elif name in parents and len(parents) == 1 and children:
                own["single_parent"] = ["mother" if facts[name].get("性別") == "女性" else "father"]
            relatives = [
                {"person": name, "birth_date": _born(facts[one], _default(one, children, elders), tax_year),
                 "relation": "child" if one in children else "lineal_ascendant", "total_income": income[one],
                 "disability": _disability(facts[one]), "living_together": not facts[one].get("介護施設入所中", False)}
                for one in [*children, *elders] if one != name and facts[one].get("扶養親族である", True)
            ]  # fmt: skip
        family = pl.DataFrame(relatives) if relatives else None
        row = resident_tax.assess(pl.DataFrame(own), family, tax_year, list(COLUMNS.values())).row(0, named=True)
        found[name] = dict(row)
    return found


def _income(facts: Mapping[str, Any]) -> int:
    return int(facts.get("所得", facts.get("合計所得金額", 0)) or 0)


def _default(name: str, children: list[str], elders: list[str]) -> date:
    return _CHILD if name in children else _ELDER if name in elders else _PARENT


def _born(facts: Mapping[str, Any], default: date, tax_year: int) -> date:
    day = date.fromisoformat(facts["誕生年月日"]) if "誕生年月日" in facts else default
    return day.replace(year=day.year + tax_year - 2024)


def _disability(facts: Mapping[str, Any]) -> str:
    grades = {key: facts[key] for key in _SPECIAL if facts.get(key, "無") != "無"}
    if any(grade in _SPECIAL[key] for key, grade in grades.items()):
        return "special"
    return "general" if grades else "none"


if __name__ == "__main__":
    sys.exit(main())
