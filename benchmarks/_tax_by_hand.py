"""比べる相手: the same resident tax for one person after another, in plain Python.

Written from the law a second time, with its amounts in place and whole numbers and fractions only, so that it is both
the rival of the benchmark and a second opinion for the tests. 令和6 to 8年度.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

Person = Mapping[str, Any]


def tax(p: Person, family: Sequence[Person], year: int) -> dict[str, int | str]:
    """税額: the figures that matter, of one person with the columns of the law."""
    limit = 580_000 if year >= 2026 else 480_000
    n, dep, dep_diff, dis, dis_diff, spec, child, home = _family(family, year, limit)
    spouse_born = p["spouse_birth_date"]
    eligible = spouse_born is not None and spouse_born < date(year, 1, 1) and not p["spouse_business_employee"]
    partner = eligible and p["spouse_total_income"] <= limit
    if partner:
        n += 1
        a, b = _disabled(p["spouse_disability"], p["spouse_living_together"])
        dis, dis_diff = dis + a, dis_diff + b
        child = child or p["spouse_disability"] == "special"
    child = child or p["salary_adjustment"] or p["disability"] == "special"
    salary, pension, total = _income(p, year, child)
    after = max(total - p["loss_carried_forward"], 0)
    a, b = _disabled(p["disability"], False)
    dis, difference = dis + a, 50_000 + dis_diff + b + dep_diff
    parent = p["single_parent"] if total <= 5_000_000 else "none"
    widow = p["widow"] and p["single_parent"] == "none" and total <= 5_000_000
    difference += {"none": 0, "mother": 50_000, "father": 10_000}[parent] + (10_000 if widow else 0)
    unearned = max(p["real_estate_income"], 0) + p["other_misc_income"] + p["occasional_income"] // 2 + pension
    student = p["working_student"] and total <= (850_000 if year >= 2026 else 750_000) and unearned <= 100_000
    difference += 10_000 if student else 0
    own = 0 if total <= 9_000_000 else 1 if total <= 9_500_000 else 2 if total <= 10_000_000 else 3
    couple, couple_diff = _spouse(p, year, partner, eligible and not partner, own)
    difference += couple_diff
    deductions = (
        _casualty(p, after)
        + _medical(p, after)
        + p["social_insurance"]
        + p["small_enterprise_mutual_aid"]
        + _insurance(p)
        + dis
        + (260_000 if widow else 0)
        + (300_000 if parent != "none" else 0)
        + (260_000 if student else 0)
        + couple
        + dep
        + spec
        + (430_000 if total <= 24e6 else 290_000 if total <= 24.5e6 else 150_000 if total <= 25e6 else 0)
    )
    per, family_plus = {1: (350, 210), 2: (315, 189), 3: (280, 168)}[p["area_grade"]]
    flat_limit = per * 1000 * n + 100_000 + (family_plus * 1000 if n > 1 else 0)
    levy_limit = 350_000 * n + 100_000 + (320_000 if n > 1 else 0)
    minor = p["birth_date"] > date(year - 18, 1, 2)
    weak = minor or p["disability"] != "none" or widow or parent != "none"
    found: dict[str, int | str] = {
        "salary_income": salary,
        "pension_income": pension,
        "total_income": total,
        "deductions.total": deductions,
        "person_difference_total": difference,
        "counted_persons": n,
        "per_capita_limit": flat_limit,
        "income_levy_limit": levy_limit,
    }
    if p["liability"] == "none" or p["livelihood_assistance"] or (weak and total <= 1_350_000) or total <= flat_limit:
        return found | {"exemption": "all_exempt", "city_tax": 0, "prefecture_tax": 0, "total_tax": 0}
    if p["liability"] == "house_only":
        return found | {"exemption": "income_levy_exempt", "city_tax": 3000, "prefecture_tax": 1000, "total_tax": 4000}
    if after <= levy_limit:
        return found | {"exemption": "income_levy_exempt", "city_tax": 3000, "prefecture_tax": 1000, "total_tax": 5000}
    base = max(after - deductions, 0) // 1000 * 1000
    city, pref = _levy(p, year, base, difference, total, after, levy_limit)
    reduced = 0
    if total <= 18_050_000 and year == 2024:
        reduced = 10_000 * (1 + home + (partner and own < 3 and not p["spouse_abroad"]))
    if total <= 18_050_000 and year == 2025 and partner and own == 3 and not p["spouse_abroad"]:
        reduced = 10_000
    if city + pref:
        used = min(reduced, city + pref)
        pref_part = ceil(Fraction(used * pref, city + pref))
        city, pref = city - (used - pref_part), pref - pref_part
    city, pref = city // 100 * 100 + 3000, pref // 100 * 100 + 1000
    return found | {"exemption": "taxed", "city_tax": city, "prefecture_tax": pref, "total_tax": city + pref + 1000}


def _family(family: Sequence[Person], year: int, limit: int) -> tuple[int, int, int, int, int, int, bool, int]:
    n, dep, diff, dis, dis_diff, spec, child, home = 1, 0, 0, 0, 0, 0, False, 0
    for r in family:
        born = r["birth_date"]
        # whoever is born on 1 January has the birthday age already on 31 December
        age = year - born.year - (0 if (born.month, born.day) == (1, 1) else 1)
        if r["business_employee"] or born >= date(year, 1, 1):
            continue
        if r["total_income"] > limit:
            if year >= 2026 and 19 <= age <= 22:
                bands = ((950, 45), (1000, 41), (1050, 31), (1100, 21), (1150, 11), (1200, 6), (1230, 3))
                spec += next((d * 10_000 for up, d in bands if r["total_income"] <= up * 1000), 0)
            continue
        if r["abroad"] and 30 <= age <= 69 and not r["abroad_condition"] and r["disability"] == "none":
            continue
        n += 1
        home += not r["abroad"]
        child = child or age < 23 or r["disability"] == "special"
        a, b = _disabled(r["disability"], r["living_together"])
        dis, dis_diff = dis + a, dis_diff + b
        if age < 16:
            amounts = (0, 0)
        elif age >= 70:
            lives_in = r["relation"] == "lineal_ascendant" and r["living_together"]
            amounts = (450_000, 130_000) if lives_in else (380_000, 100_000)
        else:
            amounts = (450_000, 180_000) if 19 <= age <= 22 else (330_000, 50_000)
        dep, diff = dep + amounts[0], diff + amounts[1]
    return n, dep, diff, dis, dis_diff, spec, child, home


def _disabled(kind: str, together: bool) -> tuple[int, int]:
    if kind == "none":
        return 0, 0
    if kind == "general":
        return 260_000, 10_000
    return (530_000, 220_000) if together else (300_000, 100_000)


def _salary(x: int, year: int) -> int:
    quarter = x // 4 // 1000 * 1000
    if x >= 8_500_000:
        return x - 1_950_000
    if x >= 6_600_000:
        return x * 9 // 10 - 1_100_000
    if x >= 3_600_000:
        return quarter * 32 // 10 - 440_000
    if x >= (1_900_000 if year >= 2026 else 1_800_000):
        return quarter * 28 // 10 - 80_000
    if year >= 2026:
        return x - 650_000 if x >= 651_000 else 0
    if x >= 1_628_000:
        return quarter * 24 // 10 + 100_000
    for start, value in (
        (1_624_000, 1_074_000),
        (1_622_000, 1_072_000),
        (1_620_000, 1_070_000),
        (1_619_000, 1_069_000),
    ):
        if x >= start:
            return value
    return x - 550_000 if x >= 551_000 else 0


def _income(p: Person, year: int, child: bool) -> tuple[int, int, int]:
    receipts, occasional = p["salary_receipts"], p["occasional_income"]
    salary = _salary(receipts, year)
    if child and receipts > 8_500_000:
        salary -= ceil(Fraction(min(receipts, 10_000_000) - 8_500_000, 10))
    others = p["business_income"] + p["real_estate_income"] + p["other_misc_income"]

    def total(ordinary: int) -> int:
        return ordinary + occasional // 2 if ordinary >= 0 else max(occasional + ordinary, 0) // 2

    other = total(others + salary)
    pension = _pension(p["pension_receipts"], p["birth_date"] <= date(year - 65, 1, 1), other)
    if salary > 0 and pension > 0 and salary + pension > 100_000:
        salary -= min(salary, 100_000) + min(pension, 100_000) - 100_000
    return salary, pension, total(others + salary + pension)


def _pension(x: int, old: bool, other: int) -> int:
    least, until = (1_100_000, 3_300_000) if old else (600_000, 1_300_000)
    if x <= until:
        left = Fraction(x - least)
    elif x <= 4_100_000:
        left = Fraction(75 * x, 100) - 275_000
    elif x <= 7_700_000:
        left = Fraction(85 * x, 100) - 685_000
    elif x <= 10_000_000:
        left = Fraction(95 * x, 100) - 1_455_000
    else:
        left = Fraction(x - 1_955_000)
    left += 0 if other <= 10_000_000 else 100_000 if other <= 20_000_000 else 200_000
    return max(int(left // 1), 0)


def _spouse(p: Person, year: int, partner: bool, over: bool, own: int) -> tuple[int, int]:
    if own == 3 or not (partner or over):
        return 0, 0
    if partner:
        if p["spouse_birth_date"] <= date(year - 70, 1, 1):
            return ((380_000, 100_000), (260_000, 60_000), (130_000, 30_000))[own]
        return ((330_000, 50_000), (220_000, 40_000), (110_000, 20_000))[own]
    income = p["spouse_total_income"]
    rows = ((100, 33, 22, 11), (105, 31, 21, 11), (110, 26, 18, 9), (115, 21, 14, 7))
    rows += ((120, 16, 11, 6), (125, 11, 8, 4), (130, 6, 4, 2), (133, 3, 2, 1))
    deduction = next((row[own + 1] * 10_000 for row in rows if income <= row[0] * 10_000), 0)
    difference = (5, 4, 2)[own] if income < 500_000 else (3, 2, 1)[own] if income < 550_000 else 0
    return deduction, difference * 10_000


def _casualty(p: Person, after: int) -> int:
    return max(p["casualty_net_loss"] - after // 10, p["casualty_disaster_expense"] - 50_000, 0)


def _medical(p: Person, after: int) -> int:
    if p["self_medication"]:
        return min(max(p["self_medication"] - 12_000, 0), 88_000)
    return min(max(p["medical_paid"] - p["medical_reimbursed"] - min(100_000, after // 20), 0), 2_000_000)


def _insurance(p: Person) -> int:
    def new(x: int) -> int:
        return x if x <= 12_000 else -(-x // 2) + 6_000 if x <= 32_000 else min(-(-x // 4) + 14_000, 28_000)

    def old(x: int) -> int:
        return x if x <= 15_000 else -(-x // 2) + 7_500 if x <= 40_000 else min(-(-x // 4) + 17_500, 35_000)

    def both(kind: str) -> int:
        a, b = new(p[f"life_{kind}_new"]), old(p[f"life_{kind}_old"])
        return max(b, min(28_000, a + b))

    life = min(both("general") + new(p["life_medical_care_new"]) + both("annuity"), 70_000)
    x, y = p["earthquake"], p["earthquake_long_term_old"]
    long_term = y if y <= 5_000 else min(-(-y // 2) + 2_500, 10_000)
    return life + min(min(-(-x // 2), 25_000) + long_term, 25_000)


def _levy(p: Person, year: int, base: int, s: int, total: int, after: int, limit: int) -> tuple[int, int]:
    levies = []
    x = base - s
    rates = ((1_950_000, 5), (3_300_000, 10), (6_950_000, 20), (9_000_000, 23), (18_000_000, 33), (40_000_000, 40))
    rate = 0 if x < 0 else next((r for up, r in rates if x <= up), 45)
    special_rate = Fraction(90_000 - rate * 1021, 100_000)
    one_stop_rate = min(rate, 33)
    one_stop = Fraction(one_stop_rate * 1021, 90_000 - one_stop_rate * 1021) if p["donation_one_stop"] else Fraction(0)
    share = Fraction(5, 100) if p["housing_rate_class"] == "five_percent" else Fraction(7, 100)
    most = 97_500 if p["housing_rate_class"] == "five_percent" else 136_500
    housing = min(p["housing_unabsorbed"], int(p["housing_income_tax_taxable"] * share), most)
    for percent, credit, part, name in ((6, 3, 3, "city"), (4, 2, 2, "prefecture")):
        levy = base * percent // 100
        if total <= 25_000_000:
            eligible = min(s, base) if base <= 2_000_000 else max(s - (base - 2_000_000), 50_000)
            levy = max(levy - eligible * credit // 100, 0)
        given = min(p["donation_hometown"] + p[f"donation_{name}_designated"], after * 30 // 100)
        basic = ceil(Fraction(max(given - 2_000, 0) * percent, 100))
        special = min(ceil(max(p["donation_hometown"] - 2_000, 0) * special_rate * Fraction(part, 5)), levy * 20 // 100)
        used = min(ceil(Fraction(housing * part, 5)), levy)
        levies.append(max(levy - used - basic - special - ceil(special * one_stop), 0))
    city, pref = levies
    short = max(limit - (after - city - pref), 0)
    if city + pref and short:
        both = city + pref
        city, pref = (max(part - ceil(Fraction(short * part, both)), 0) for part in (city, pref))
    return city, pref
