"""核は軽い: it loads quickly and draws in nothing that others would have to pay for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MODULES = ["addresses", "calendar", "errors", "folding", "money", "names", "numbers", "validity", "variants", "wareki"]
HEAVY = ["numpy", "yaml", "django", "holidays", "jntajis", "polars", "importlib.resources"]


@pytest.mark.parametrize("module", MODULES)
def test_核の読み込みは重いものを引き込まない(module: str) -> None:
    script = f"import sys; sys.modules.pop('site', None); before = set(sys.modules); import kokunen.kernel.{module}\n"
    script += f"print(*(m for m in {HEAVY!r} if m in sys.modules and m not in before))"
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == []
