"""網羅: 試験の印が、書かれたとおりに読まれる。"""

from __future__ import annotations

from pathlib import Path

import pytest

from kokunen.common_platform.operations import coverage

_TESTS = """
import pytest

pytestmark = pytest.mark.control("CTL-001")


@pytest.mark.function("S1-1")
def test_plain(): ...


@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.function("S1-2")), 2])
def test_one_case(x): ...


@pytest.mark.function("S1-3")
class TestGroup:
    @pytest.mark.function("S1-1", "S1-4")
    def test_inside(self): ...

    def helper(self): ...


def helper(): ...
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    tests, data = tmp_path / "tests", tmp_path / "data"
    (tests / "pension").mkdir(parents=True)
    data.mkdir()
    (tests / "pension" / "test_a.py").write_text(_TESTS)
    functions = "".join(f"  - {{id: S1-{n}, ja: x, place: y}}\n" for n in (1, 2, 3, 9))
    (data / "functions.yaml").write_text("functions:\n" + functions)
    (data / "controls.yaml").write_text("controls:\n  - {id: CTL-001, place: y}\n")
    return tests, data


def test_印はモジュール_クラス_関数_個々の事例から読まれる(folders: tuple[Path, Path]) -> None:
    found = coverage.functions(*folders)
    name = "tests/pension/test_a.py::"
    assert found["S1-1"] == {"tests": [name + "test_plain", name + "TestGroup::test_inside"], "state": "covered"}
    assert found["S1-2"]["tests"] == [name + "test_one_case"]
    assert found["S1-3"]["tests"] == [name + "TestGroup::test_inside"]
    assert found["S1-9"] == {"tests": [], "state": "missing"}


def test_モジュールの印はすべての試験にかかる(folders: tuple[Path, Path]) -> None:
    assert len(coverage.controls(*folders)["CTL-001"]["tests"]) == 3


def test_評価書にない印は書き誤りとして挙げられる(folders: tuple[Path, Path]) -> None:
    assert coverage.unknown_marks(*folders) == ["S1-4"]
