"""外部機関: kokunen counterpart: trouble on purpose at an outside party of the demo city."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from .console import refuse_outside_demo, write


class Mode(StrEnum):
    """障害の種類: what the outside party is told to do."""

    FAIL = "fail"
    DELAY = "delay"
    REPEAT = "repeat"
    GARBLE = "garble"
    HEAL = "heal"


def add_commands(app: typer.Typer) -> None:
    """Add ``counterpart`` to the command."""
    app.command("counterpart", rich_help_panel="デモの市")(counterpart)


def counterpart(
    party: Annotated[str, typer.Argument(metavar="PARTY", help="外部機関（例: jps 日本年金機構）")],
    mode: Annotated[
        Mode,
        typer.Argument(
            metavar="MODE", help="fail 応答しない、delay 遅れる、repeat 重ねて返す、garble 壊して返す、heal 直す"
        ),
    ],
    seconds: Annotated[float | None, typer.Option("--seconds", min=0, help="遅らせる秒数（delay）")] = None,
) -> None:
    """外部機関にわざと障害を起こさせる、または直す。"""
    refuse_outside_demo("counterpart")
    from kokunen.common_platform.operations.processes import COUNTERPARTS
    from kokunen.config import environment
    from kokunen.counterparts.framework.control import ControlClient

    if party not in COUNTERPARTS:
        raise typer.BadParameter(f"外部機関「{party}」はありません。使える名前: {', '.join(COUNTERPARTS)}")
    client = ControlClient(environment.data_dir() / "counterparts" / party)
    state = client.heal() if mode is Mode.HEAL else client.order(mode.value, seconds=seconds)
    trouble = "、".join(state["trouble"]) or "なし"
    write(f"{COUNTERPARTS[party]}: 障害 {trouble}")
