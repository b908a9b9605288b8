"""乱数: one independent stream for each block and topic, so that no topic shifts another and blocks need no order."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rng = np.random.Generator


class Topic(IntEnum):
    """題目: what a stream of random numbers is drawn for. Values are part of the seed: never renumber, only append."""

    COMPOSITION = 1
    REMOVED = 2
    NAMES = 3
    DWELLINGS = 4
    HISTORY = 5
    FOREIGN = 6
    RECORDING = 7
    WORK = 8
    INCOME = 9
    PENSION = 10
    EXEMPTION = 11
    OUTSIDE = 12
    SUPPORT = 13
    PLANNED = 14
    CORPORATIONS = 15
    PLANTED = 16


def stream(seed: int, residents: int, block: int, topic: Topic) -> Rng:
    """乱数列: numpy's PCG64 for (seed, size, block, topic).

    The same four numbers give the same draws on any machine.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, residents, block, int(topic)])))


def pick(rng: Rng, weights: Any, size: int) -> Ints:
    """重み付き抽選: ``size`` indices drawn in proportion to ``weights``."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    drawn: Ints = np.minimum(found, cumulative.size - 1).astype(np.int64)
    return drawn


def normal_between(rng: Rng, mean: float, deviation: float, low: float, high: float, size: int) -> NDArray[np.float64]:
    """範囲内の正規乱数: normal draws clipped to [low, high]."""
    return np.clip(rng.normal(mean, deviation, size), low, high)


def between(rng: Rng, low: Ints, high: Ints) -> Ints:
    """区間内の一様乱数: one whole number in [low, high] for each pair; where the interval is empty, ``low``."""
    width = np.maximum(np.asarray(high) - np.asarray(low), 0) + 1
    drawn: Ints = np.asarray(low) + np.floor(rng.random(width.shape) * width).astype(np.int64)
    return drawn
