"""画面出力: results go to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, Any

import typer

WELL, ANSWER_IS_NO, WRONG_USAGE, INPUT_REFUSED = 0, 1, 2, 3
"""終了状態 (docs/operations/contract.md): well, a check failed, wrong usage, some input was refused."""

JsonOption = Annotated[bool, typer.Option("--json", help="結果をJSON文書1つとして標準出力に書く")]


def say(text: str) -> None:
    """A message or a sign of progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def write(text: str) -> None:
    """A result for people, on standard output."""
    print(text, flush=True)


def write_json(document: Any) -> None:
    """The one JSON document of a command, on standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
    sys.stdout.flush()


def table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """A table for people, on standard output."""
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=title, title_justify="left")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    screen = Console()
    # A file or a pipe has no width: nothing is folded there, so that it can be searched line by line.
    (screen if screen.is_terminal else Console(width=200)).print(drawn)


def set_up_django() -> None:
    """Load the settings and the models: for commands that work with the city's records."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    import django

    django.setup()


def refuse_outside_demo(command: str) -> None:
    """Exit 1 in production: the command exists for demo cities only."""
    from kokunen.config import environment

    if not environment.is_demo():
        say(f"kokunen {command} はデモの市でだけ使えます（KOKUNEN_MODE=demo）。")
        raise typer.Exit(ANSWER_IS_NO)
