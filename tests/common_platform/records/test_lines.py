"""回線の休み方: a line that does not answer rests longer each time; a round ends with the first failure of the line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import django
import pytest

django.setup()

from kokunen.common_platform.records import lines  # noqa: E402
from kokunen.kernel.errors import InputError, KokunenError  # noqa: E402
from kokunen.resident_registry.models import LineCondition  # noqa: E402

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> LineCondition:
    """使ったことのない回線, which keeps its state here and not in a table."""
    monkeypatch.setattr(lines, "_real_now", lambda: NOW)
    monkeypatch.setattr(LineCondition, "save", lambda self: None)
    return LineCondition(party="juki_cs")


def test_休みは2秒から倍になり5分を超えず_応答で終わる(line: LineCondition) -> None:
    assert line.is_due()
    rests = []
    for _ in range(10):
        line.note_failure(KokunenError("応答がありません" * 100, code="line_trouble"))
        assert line.next_try_at is not None and not line.is_due()
        rests.append((line.next_try_at - NOW) // timedelta(seconds=1))
    assert rests == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] and len(line.last_error) == lines.TROUBLE_LENGTH
    line.note_success(NOW)
    assert line.is_due() and (line.failures, line.last_error, line.last_good_at) == (0, "", NOW)


def _round(answers: Iterator[object], limit: int = 10) -> tuple[lines.Round, list[str]]:
    told: list[str] = []

    def send_next() -> str | None:
        answer = next(answers, None)
        if isinstance(answer, KokunenError):
            raise answer
        return None if answer is None else str(answer)

    done = lines.send_in_order(send_next, taken="2", limit=limit, failed=lambda error: told.append(error.message))
    return done, told


def test_順に送り_拒否を数え_上限と回線の障害で終わる() -> None:
    assert _round(iter(["2", "3", "2"])) == (lines.Round(2, 1), [])
    assert _round(iter(["2", "2", "2"]), limit=2) == (lines.Round(2, 0), [])
    cut = KokunenError("回線が切れています", code="line_trouble")
    assert _round(iter(["2", cut, "2"])) == (lines.Round(1, 0, "回線が切れています"), ["回線が切れています"])
    with pytest.raises(InputError):
        _round(iter([InputError("項目がありません", "name", "missing_field", "")]))
