"""統計表: the counts laid out as the tables that are shown, printed and given out; every table ends in its total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kokunen.kernel.wareki import format_wareki
from kokunen.resident_registry.statistics import (
    CAUSES_IN,
    CAUSES_OUT,
    FOREIGN,
    JAPANESE,
    UNKNOWN_AGE,
    Movements,
    Population,
)

Cell = str | int
_SEXES = (("1", "男"), ("2", "女"), ("0", "空欄"))


@dataclass(frozen=True, slots=True)
class Table:
    """統計表: `total_rows` at the end are totals; `bars` are (label, left, right) of the chart beside it."""

    key: str
    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total_rows: int = 1
    bars: tuple[tuple[str, int, int], ...] = ()
    bar_sides: tuple[str, str] = ("", "")


def ages(found: Population, step: int = 5) -> Table:
    """年齢別・男女別人口 (1歳 or 5歳階級), with the pyramid."""
    header = ("年齢", "男", "女", "空欄", "計", "うち日本人", "うち外国人")
    highest = max((age for age, _, _ in found.by_age), default=0)
    rows: list[tuple[Cell, ...]] = []
    bars: list[tuple[str, int, int]] = []
    for low in range(0, max(highest, 99) + 1, step):
        high = low + step - 1
        cells = _age_cells(found, low, high)
        label = f"{low}歳" if step == 1 else f"{low}～{high}歳"
        rows.append((label, *cells))
        bars.append((label, cells[0], cells[1]))
    rows.append(("不詳", *_age_cells(found, UNKNOWN_AGE, UNKNOWN_AGE)))
    rows.append(_sum("計", rows))
    title = "年齢（各歳）・男女別人口" if step == 1 else "年齢（5歳階級）・男女別人口"
    return Table("age1" if step == 1 else "age", title, _note(found), header, tuple(rows), 1, tuple(bars), ("男", "女"))


def _age_cells(found: Population, low: int, high: int) -> tuple[int, ...]:
    inside = {key: n for key, n in found.by_age.items() if low <= key[0] <= high}
    by_sex = [sum(n for (_, s, _), n in inside.items() if s == sex) for sex, _ in _SEXES]
    foreign = sum(n for (_, _, k), n in inside.items() if k == FOREIGN)
    return (*by_sex, sum(by_sex), sum(by_sex) - foreign, foreign)


def towns(found: Population) -> Table:
    """町丁字別人口・世帯数."""
    header = ("町名", "世帯数", "男", "女", "空欄", "計", "うち日本人", "うち外国人")
    rows: list[tuple[Cell, ...]] = []
    for (town_id, town), counts in sorted(found.by_town.items()):
        by_sex = [sum(n for (_, s), n in counts.items() if s == sex) for sex, _ in _SEXES]
        foreign = sum(n for (k, _), n in counts.items() if k == FOREIGN)
        houses = found.households_by_town.get(town_id, 0)
        rows.append((town, houses, *by_sex, sum(by_sex), sum(by_sex) - foreign, foreign))
    largest = sorted(rows, key=lambda row: -int(row[5]))[:20]
    bars = tuple((str(row[0]), int(row[6]), int(row[7])) for row in largest)
    rows.append(_sum("計", rows))
    title = "町丁字別人口・世帯数"
    return Table("towns", title, _note(found), header, tuple(rows), 1, bars, ("日本人", "外国人"))


def households(found: Population) -> Table:
    """世帯人員別世帯数."""
    rows: list[tuple[Cell, ...]] = [
        (f"{size}人", number, size * number) for size, number in sorted(found.households_by_size.items())
    ]
    bars = tuple((str(row[0]), int(row[1]), 0) for row in rows)
    rows.append(_sum("計", rows))
    note = f"{_note(found)}。混合世帯{found.mixed_households:,}、外国人だけの世帯{found.foreign_households:,}"
    header = ("世帯人員", "世帯数", "人口")
    return Table("households", "世帯人員別世帯数", note, header, tuple(rows), 1, bars, ("世帯数", ""))


def nationalities(found: Population) -> Table:
    """国籍・地域別人口."""
    names = sorted({name for name, _ in found.by_nationality})
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        by_sex = [found.by_nationality.get((name, sex), 0) for sex, _ in _SEXES]
        rows.append((name, *by_sex, sum(by_sex)))
    rows.sort(key=lambda row: (-int(row[4]), str(row[0])))
    bars = tuple((str(row[0]), int(row[1]), int(row[2])) for row in rows[:20])
    rows.append(_sum("計", rows, 4))
    header = ("国籍・地域", "男", "女", "空欄", "計")
    return Table("nationality", "国籍・地域別外国人人口", _note(found), header, tuple(rows), 1, bars, ("男", "女"))


def residence_statuses(found: Population) -> Table:
    """在留資格別人口: 特別永住者 and 経過滞在者 have none and stand together."""
    rows: list[tuple[Cell, ...]] = []
    for status in sorted(found.by_residence_status, key=lambda name: (-found.by_residence_status[name], name)):
        rows.append((status, found.by_residence_status[status]))
    rest = found.of(FOREIGN) - sum(found.by_residence_status.values())
    rows.append(("在留資格なし（特別永住者等）", rest))
    bars = tuple((str(row[0]), int(row[1]), 0) for row in rows[:20])
    rows.append(_sum("計", rows, 1))
    header = ("在留資格", "人口")
    return Table("status", "在留資格別外国人人口", _note(found), header, tuple(rows), 1, bars, ("人口", ""))


def causes(found: Movements) -> Table:
    """異動集計表: reason by nationality and sex; the last line is the population, which the lines above give."""
    header = (
        "区分",
        "異動事由",
        "日本人男",
        "日本人女",
        "日本人計",
        "外国人男",
        "外国人女",
        "外国人計",
        "空欄",
        "合計",
    )
    rows: list[tuple[Cell, ...]] = [("", "前の人口", *_population_cells(found.before))]
    for sign, word, names in ((1, "増", CAUSES_IN), (-1, "減", CAUSES_OUT)):
        lines: list[tuple[Cell, ...]] = [(word, name, *_cause_cells(found, sign, name)) for name in names]
        rows += lines
        rows.append((word, "小計", *_add([line[2:] for line in lines])))
    rows.append(("", "人口", *_population_cells(found.after)))
    rows.append(("内", "転居", *_cause_cells(found, 0, "転居")))
    bars = tuple((name, _count(found, 1, name), _count(found, -1, _out_of(name))) for name in CAUSES_IN[:5])
    return Table("causes", "異動集計表（事由別）", _period(found), header, tuple(rows), 2, bars, ("増", "減"))


def _out_of(name: str) -> str:
    return {"出生": "死亡", "職権記載等": "職権消除等"}.get(name, name.replace("転入", "転出"))


def months(found: Movements) -> Table:
    """異動集計表（月別）: in and out by reason, month by month."""
    names = sorted({step.month for step in found.steps if step.sign})
    header = ("月", *CAUSES_IN[:5], "その他の増", "増計", *CAUSES_OUT[:5], "その他の減", "減計", "差引")
    rows: list[tuple[Cell, ...]] = []
    for month in names:
        cells: list[int] = []
        for sign, causes_of in ((1, CAUSES_IN), (-1, CAUSES_OUT)):
            counts = [_count(found, sign, name, month) for name in causes_of]
            cells += [*counts[:5], sum(counts[5:]), sum(counts)]
        rows.append((month, *cells, cells[6] - cells[13]))
    bars = tuple((str(row[0]), int(row[7]), int(row[14])) for row in rows)
    rows.append(_sum("計", rows, len(header) - 1))
    return Table("months", "異動集計表（月別）", _period(found), header, tuple(rows), 1, bars, ("増", "減"))


def town_movements(found: Movements) -> Table:
    """異動集計表（町別）: 転居 counts out of one town and into another, so that every town closes."""
    header = ("町名", "前の人口", "増", "減", "市内から", "市内へ", "人口")
    names = dict((*found.before.by_town, *found.after.by_town))
    rows: list[tuple[Cell, ...]] = []
    for town_id, town in sorted(names.items()):
        plus = sum(s.number for s in found.steps if s.sign == 1 and s.town_id == town_id)
        minus = sum(s.number for s in found.steps if s.sign == -1 and s.town_id == town_id)
        inside = [s for s in found.steps if s.sign == 0 and s.town_id != s.from_town]
        came = sum(s.number for s in inside if s.town_id == town_id)
        went = sum(s.number for s in inside if s.from_town == town_id)
        rows.append((town, _town(found.before, town_id), plus, minus, came, went, _town(found.after, town_id)))
    rows.append(_sum("計", rows))
    return Table("town_movements", "異動集計表（町別）", _period(found), header, tuple(rows))


def _town(found: Population, town_id: str) -> int:
    return sum(sum(counts.values()) for (key, _), counts in found.by_town.items() if key == town_id)


def _population_cells(found: Population) -> tuple[int, ...]:
    male, female = found.of(JAPANESE, "1"), found.of(JAPANESE, "2")
    foreign_male, foreign_female = found.of(FOREIGN, "1"), found.of(FOREIGN, "2")
    unknown = found.of(sex="0")
    total = male + female + foreign_male + foreign_female + unknown
    return (male, female, male + female, foreign_male, foreign_female, foreign_male + foreign_female, unknown, total)


def _cause_cells(found: Movements, sign: int, name: str) -> tuple[int, ...]:
    steps = [step for step in found.steps if step.sign == sign and step.cause == name]

    def count(kind: str, sex: str) -> int:
        return sum(step.number for step in steps if (step.kind, step.sex) == (kind, sex))

    male, female = count(JAPANESE, "1"), count(JAPANESE, "2")
    foreign_male, foreign_female = count(FOREIGN, "1"), count(FOREIGN, "2")
    unknown = count(JAPANESE, "0") + count(FOREIGN, "0")
    total = male + female + foreign_male + foreign_female + unknown
    return (male, female, male + female, foreign_male, foreign_female, foreign_male + foreign_female, unknown, total)


def _count(found: Movements, sign: int, name: str, month: str = "") -> int:
    return sum(
        step.number for step in found.steps if step.sign == sign and step.cause == name and month in ("", step.month)
    )


def _add(lines: Sequence[Sequence[Cell]]) -> tuple[int, ...]:
    return tuple(sum(int(cell) for cell in column) for column in zip(*lines, strict=True))


def _sum(word: str, rows: Sequence[tuple[Cell, ...]], width: int | None = None) -> tuple[Cell, ...]:
    if not rows:
        return (word, *([0] * (width or 1)))
    return (word, *_add([row[1:] for row in rows]))


def _note(found: Population) -> str:
    return f"{format_wareki(found.on)}現在（{found.basis.label}による）"


def _period(found: Movements) -> str:
    return f"{format_wareki(found.first)}から{format_wareki(found.last)}まで（{found.basis.label}による）"
