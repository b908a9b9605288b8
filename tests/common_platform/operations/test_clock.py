"""業務日は日本の日付で、デモの市だけが別の日を持てる。"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOKUNEN_TODAY", raising=False)
    monkeypatch.delenv("KOKUNEN_MODE", raising=False)


def test_現在時刻は日本標準時である() -> None:
    assert clock.now().utcoffset() == timedelta(hours=9)


def test_指定がなければ日本の今日である(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    assert clock.today() == clock.now().date()


def test_デモの市では業務日を指定できる(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-03-31")
    assert clock.today() == date(2026, 3, 31)


def test_本番では業務日の指定は無視される(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2020-01-01")
    monkeypatch.setenv("KOKUNEN_MODE", "production")
    assert clock.today() == clock.now().date()


def test_実在しない日付は何が正しいかを告げる(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-02-30")
    with pytest.raises(InputError, match="2026-11-24 のような実在する日付"):
        clock.today()
