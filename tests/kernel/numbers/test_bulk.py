"""一括付番: whole columns agree with one number at a time."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import (
    AtenaNumber,
    BasicPensionNumber,
    CorporateNumber,
    IndividualNumber,
    MunicipalityCode,
    NumberValue,
    ResidentCode,
)

KINDS = [IndividualNumber, ResidentCode, CorporateNumber, AtenaNumber, MunicipalityCode]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_一括は一件ずつと同じ(kind: type[NumberValue], data: st.DataObject) -> None:
    bodies = data.draw(st.lists(st.integers(1, 10 ** (kind.length - 1) - 1), max_size=40))
    one_by_one = [kind.complete(str(body).zfill(kind.length - 1)).value for body in bodies]
    assert kind.complete_many(bodies).tolist() == one_by_one


def test_まとまりの境目をまたいでも順に並ぶ() -> None:
    numbers = AtenaNumber.complete_many(np.arange(1, 300_002))
    assert numbers.dtype == np.dtype("<U15")
    for index in (0, 262_143, 262_144, 300_000):
        assert numbers[index] == AtenaNumber.complete(str(index + 1).zfill(14)).value


@pytest.mark.parametrize("bodies", [[0], [-1], [10**11], [1, 10**11, 2]])
def test_範囲の外は一件も付番しない(bodies: list[int]) -> None:
    with pytest.raises(InputError, match="1以上11桁以内") as refused:
        IndividualNumber.complete_many(bodies)
    assert refused.value.code == "out_of_range"


def test_検査用数字のない番号は断る() -> None:
    with pytest.raises(InputError, match="検査用数字がありません"):
        BasicPensionNumber.complete_many([1])


def test_核を読み込むだけではnumpyを読み込まない() -> None:
    script = "import sys, kokunen.kernel.numbers; print('numpy' in sys.modules)"
    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "False"
