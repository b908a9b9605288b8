"""家の決まり: what can be read off the files themselves."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


WRITTEN = [path for path in SOURCES + TESTS if "migrations" not in path.parts]
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|NotImplemented" + r"Error)\b")


def test_ファイルは六百行を超えない() -> None:
    long = {_name(path): n for path in WRITTEN if (n := len(path.read_text(encoding="utf-8").splitlines())) > 600}
    assert long == {}


def test_モジュールは日本語で名乗る() -> None:
    """The first line of every module's docstring carries its Japanese term."""
    nameless = [
        _name(path)
        for path in SOURCES
        if "migrations" not in path.parts
        and (text := path.read_text(encoding="utf-8")).strip()
        and not JAPANESE.search((ast.get_docstring(ast.parse(text)) or "").split("\n")[0])
    ]
    assert nameless == []


def test_やり残しがない() -> None:
    assert {_name(path) for path in WRITTEN if UNFINISHED.search(path.read_text(encoding="utf-8"))} == set()


def test_試験は飛ばされない() -> None:
    """No skipped test, no expected failure, no sleep as synchronisation."""
    banned = re.compile(r"mark\.(skip|xfail)|pytest\.(skip|xfail|importorskip)\(|\btime\.sleep\(|wait_for_timeout\(")
    offenders = {
        f"{_name(path)}:{number}"
        for path in TESTS
        if path.name != Path(__file__).name
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if banned.search(line)
    }
    assert offenders == set()


def test_試験の置き場所は本体と同じ() -> None:
    """tests/ mirrors src/kokunen/: a test folder without a counterpart in the program is a folder gone astray."""
    own = {"acceptance", "architecture", "browser", "contract"}
    astray = {
        _name(folder)
        for folder in (ROOT / "tests").rglob("*")
        if folder.is_dir() and folder.name != "__pycache__" and any(folder.glob("test_*.py"))
        if (relative := folder.relative_to(ROOT / "tests")).parts[0] not in own
        and not (ROOT / "src" / "kokunen" / relative).is_dir()
        and not (ROOT / "src" / "kokunen" / relative).with_suffix(".py").is_file()
        and relative.parts[0] not in {"cli", "tools", "benchmarks"}
    }
    assert astray == set()


def test_輸入の契約を守る() -> None:
    """Who may know whom: the contracts of pyproject.toml."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_施錠ファイルに住所がない() -> None:
    for path in [*ROOT.glob("*.lock"), *(ROOT / "tools").glob("*.lock")]:
        assert "://" not in path.read_text(encoding="utf-8"), f"{_name(path)} records an address"
