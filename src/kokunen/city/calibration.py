"""年齢構成の較正: how data/head_ages.csv was found, and how to find it again after the composition rules change.

``python -m kokunen.city.calibration`` composes sample households of every kind and age of head, counts who lives
in them, and raises or lowers the weight of each (kind, age class of the head) until all together have the age
pyramid of data/age_pyramid.csv. The shares of the kinds themselves (data/household_kinds.csv) stay as they are.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kokunen.city.composition import HEAD_AGE_RANGE, Kind, compose
from kokunen.city.days import age_on
from kokunen.city.randomness import between

DATA = Path(__file__).parent / "data"
CLASSES = tuple(range(15, 100, 5))
SAMPLES = 3000
TODAY = 20_781
FOREIGN_HOUSEHOLDS = 0.068
PULL = 0.012  # keeps the heads' ages near their starting point where the pyramid does not care

# Rough age of a head of each kind: mean and deviation; the starting point of the search.
PRIOR: dict[Kind, tuple[float, float]] = {
    Kind.SINGLE: (52, 26),
    Kind.COUPLE: (60, 19),
    Kind.COUPLE_CHILDREN: (46, 11),
    Kind.SINGLE_PARENT: (50, 13),
    Kind.WITH_PARENT: (52, 9),
    Kind.THREE_GENERATIONS: (47, 8),
    Kind.ELDER_HEAD: (70, 7),
    Kind.SIBLINGS: (42, 18),
    Kind.SHARED: (38, 14),
    Kind.INSTITUTION: (86, 7),
}
FOREIGN_AGE = (35.0, 10.0, 19, 70)


def head_prior(mean: float, deviation: float, low: int, high: int) -> NDArray[np.float64]:
    """出発点: weight of each class of heads, zero outside [low, high]."""
    middle = np.array(CLASSES) + 2.5
    weight = np.exp(-0.5 * ((middle - mean) / deviation) ** 2)
    inside = (np.array(CLASSES) + 4 >= low) & (np.array(CLASSES) <= high)
    kept: NDArray[np.float64] = np.where(inside, weight, 0.0)
    shares: NDArray[np.float64] = kept / kept.sum()
    return shares


def households_by_head(kind: Kind) -> NDArray[np.float64]:
    """試し世帯: mean number of people in each age class, for each class of heads (classes x pyramid classes)."""
    rng = np.random.Generator(np.random.PCG64(int(kind) + 1))
    low, high = HEAD_AGE_RANGE[kind]
    table = np.zeros((len(CLASSES), 19))
    for index, start in enumerate(CLASSES):
        age = np.clip(between(rng, np.full(SAMPLES, start), np.full(SAMPLES, start + 4)), low, high)
        grid = compose(rng, np.full(SAMPLES, int(kind)), age, TODAY, np.zeros(SAMPLES, dtype=np.bool_))
        ages = age_on(grid.birth[grid.present], TODAY)
        table[index] = np.bincount(np.minimum(ages // 5, 18), minlength=19) / SAMPLES
    return table


def calibrate(rounds: int = 800) -> dict[Kind, NDArray[np.float64]]:
    """較正: weights of the heads' age classes by kind."""
    target = np.array([float(row["share"]) for row in csv.DictReader((DATA / "age_pyramid.csv").open())])
    kinds = {row["kind"]: row for row in csv.DictReader((DATA / "household_kinds.csv").open())}
    table = {kind: households_by_head(kind) for kind in Kind}
    weight = {kind: head_prior(*PRIOR[kind], *HEAD_AGE_RANGE[kind]) for kind in Kind}
    foreign = sum(float(kinds[kind.name]["foreign_share"]) * (head_prior(*FOREIGN_AGE) @ table[kind]) for kind in Kind)
    for _ in range(rounds):
        native = np.zeros_like(foreign)
        for kind in Kind:
            native += float(kinds[kind.name]["share"]) * (weight[kind] @ table[kind])
        people = (1 - FOREIGN_HOUSEHOLDS) * native + FOREIGN_HOUSEHOLDS * foreign
        ratio = np.log(np.maximum(target / (people / people.sum()), 1e-6))
        for kind in Kind:
            size = table[kind].sum(axis=1)
            factor = np.exp(0.25 * (table[kind] @ ratio) / np.maximum(size, 0.01))
            pulled = (
                weight[kind]
                * factor
                * (head_prior(*PRIOR[kind], *HEAD_AGE_RANGE[kind]) / np.maximum(weight[kind], 1e-12)) ** PULL
            )
            weight[kind] = pulled / pulled.sum()
    return weight


def main() -> None:
    rows = [
        (kind.name, start, f"{value:.6f}")
        for kind, weights in calibrate().items()
        for start, value in zip(CLASSES, weights, strict=True)
        if value > 1e-7
    ]
    with (DATA / "head_ages.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "age_from", "weight"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
