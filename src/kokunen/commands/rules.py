"""法令の計算: kokunen rules: the law engine, open to anyone. JSON Lines in and out; no city, no database, no Django."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

_PANEL = "法令の計算"


def add_commands(app: typer.Typer) -> None:
    """Add ``rules`` to the command."""
    app.command("rules", rich_help_panel=_PANEL)(rules)


def rules(
    ruleset: Annotated[str, typer.Argument(metavar="RULESET", help="規則の名前（例: qualification）")],
    input_file: Annotated[
        Path | None, typer.Option("--input", metavar="FILE", help="入力ファイル（省略時は標準入力）")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="計算の各段階と根拠条文を付ける")] = False,
) -> None:
    """法令の規則を計算する。入出力はUTF-8のJSON Lines（1行に1件）。"""
    from kokunen.law.interface import command

    raise typer.Exit(command(ruleset, input_file, explain, sink=sys.stdout.buffer, messages=sys.stderr))
