"""不変条件: kokunen invariants: nothing lost, nothing doubled, totals close, over the whole city."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .console import ANSWER_IS_NO, JsonOption, set_up_django, table, write, write_json

if TYPE_CHECKING:
    from kokunen.common_platform.operations.invariants import Check, Outcome, Report


def add_commands(app: typer.Typer) -> None:
    """Add ``invariants`` to the command."""
    app.command("invariants", rich_help_panel="確かめる")(invariants)


def invariants(json_output: JsonOption = False) -> None:
    """全市の記録を突き合わせる: 失われたもの、重なったものがなく、合計が閉じるか。否なら終了状態1。"""
    set_up_django()
    report = check_city()
    if json_output:
        write_json(report.as_dict())
    else:
        rows = [
            [one.check.label_ja, f"{one.outcome.counted:,}", "○" if not one.outcome.findings else "×"]
            for one in report.checked
        ]
        table("不変条件", ["検査", "件数", "結果"], rows)
        for text in report.as_dict()["findings"]:
            write(f"- {text}")
    if not report.is_whole:
        raise typer.Exit(ANSWER_IS_NO)


def check_city() -> Report:
    """What the subsystems declare, and in a demo city what the outside parties hold."""
    from kokunen.common_platform.operations.invariants import declared_checks, run_checks
    from kokunen.config import environment

    checks = declared_checks()
    if environment.is_demo():
        checks += _parties(environment.data_dir() / "counterparts")
    return run_checks(checks)


def _parties(folder: Path) -> Iterator[Check]:
    from kokunen.common_platform.operations.invariants import Check

    for party, label in (("juki_cs", "住基ネット"), ("moj", "法務省"), ("koseki", "戸籍附票")):
        path = folder / party / f"{party}.sqlite3"
        if path.is_file():
            yield Check(f"counterpart.{party}", f"{label}との電文が合う", partial(_party, party, path))


def _party(party: str, path: Path) -> Outcome:
    """相手方との突合: what we know to be sent they have; what they told us and forgot we have; nothing is unknown.

    Read in this order, so that work that goes on meanwhile is never taken for a loss: our sent ones before theirs,
    theirs before all of ours.
    """
    from kokunen.common_platform.operations.invariants import Outcome
    from kokunen.resident_registry.invariants import message_numbers

    sent = message_numbers(party, sent_only=True)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as store:
        received = {str(row[0]): bool(row[1]) for row in store.execute("select number, accepted from received")}
        taken = {str(row[0]) for row in store.execute("select number from outgoing where taken = 1")}
    ours, arrived = message_numbers(party), message_numbers(party, arrived=True)
    findings = [
        (
            f"送信済みの電文 {{}} 件を{party}が受け取っていません",
            sent - {n for n, accepted in received.items() if accepted},
        ),
        (f"{party}が持つ電文 {{}} 件を当方は送っていません", received.keys() - ours),
        (f"{party}が渡した電文 {{}} 件が当方にありません", taken - arrived),
    ]
    texts = tuple(sentence.format(len(numbers)) for sentence, numbers in findings if numbers)
    return Outcome(len(received) + len(taken), texts)
