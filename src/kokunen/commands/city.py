"""模擬都市: kokunen city: the synthetic city."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import JsonOption, refuse_outside_demo, write, write_json

app = typer.Typer(help="合成の市", no_args_is_help=True)


@app.callback()
def _city() -> None:
    """実在しない住民からなる市をつくる。"""


@app.command("generate")
def generate(
    residents: Annotated[int, typer.Option("--residents", min=600, max=6_000_000, help="住民の数")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="種: 同じ数と種からは同じ市ができる")] = 1,
    load: Annotated[bool, typer.Option("--load", help="データベースに入れる（空の市に一度だけ）")] = False,
    json_output: JsonOption = False,
) -> None:
    """合成の市をつくり、--load ならデータベースに入れて各システムの連携に流す。"""
    if load:
        refuse_outside_demo("city generate --load")
    from kokunen.city.command import generate as make_city

    summary = make_city(residents=residents, seed=seed, load=load)
    if json_output:
        write_json(summary)
    else:
        for name, value in summary.items():
            write(f"{name}: {value}")
