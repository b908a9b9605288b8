"""障害試験: kokunen fault-run: a running demo city is hurt at random points, and then nothing may be missing.

The whole city works all the time while it goes on (`acts`): people move, jobs are queued, a net runs, files are taken,
numbers are given over HTTP, registered, checked and sent to the 中間サーバー, records are merged and un-merged. In each
run one process is killed (``kill -9``: the database, a worker, the web server, an outside party …) or one line to an
outside party is cut, delayed, repeated or garbled (`harm`). What was told to be done must be there afterwards, once;
what ended in an error may be there once or not at all. At the end both sides of the line to the 中間サーバー compare
what they hold, and the invariants of the whole city are checked.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokunen.commands.console import (
    ANSWER_IS_NO,
    JsonOption,
    refuse_outside_demo,
    say,
    set_up_django,
    table,
    write,
    write_json,
)
from kokunen.commands.fault_run.harm import Fault, NotWhole, city_state, heal_lines, one_fault, process_names

if TYPE_CHECKING:
    from kokunen.commands.fault_run.acts import Work

_SETTLE_SECONDS = 180.0


def add_commands(app: typer.Typer) -> None:
    """Add ``fault-run`` to the command."""
    app.command("fault-run", rich_help_panel="確かめる")(fault_run)


def fault_run(
    runs: Annotated[int, typer.Option("--runs", min=1, help="障害を起こす回数")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="同じ値なら同じ順の障害")] = 1,
    seconds: Annotated[float, typer.Option("--seconds", min=0.2, help="1回の長さ（秒）")] = 1.0,
    only: Annotated[str, typer.Option("--only", help="kill（強制終了）か line（回線）だけにする")] = "",
    target: Annotated[
        list[str] | None,
        typer.Option("--target", help="障害を起こすプロセス（kokunen status の名前、繰り返せる、順に回る）"),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """動いているデモの市で、プロセスを止め、回線を切り、そのあと全市を突き合わせる。"""
    refuse_outside_demo("fault-run")
    if only not in ("", "kill", "line"):
        raise typer.BadParameter("kill か line を指定してください", param_hint="--only")
    if city_state() is None:
        say("市役所が動いていません。kokunen up --detach で起動してから行ってください。")
        raise typer.Exit(ANSWER_IS_NO)
    targets = tuple(target or ())
    if unknown := [name for name in targets if name not in process_names()]:
        raise typer.BadParameter(
            f"{'、'.join(unknown)} というプロセスはありません: {' '.join(process_names())}", param_hint="--target"
        )
    set_up_django()
    kinds = frozenset([only] if only else ["kill", "line"])
    with tempfile.TemporaryDirectory(prefix="kokunen-fault-") as folder:
        document = _trial(Path(folder), runs, seed, seconds, kinds, targets)
    if json_output:
        write_json(document)
    else:
        _show(document)
    if not document["whole"]:
        raise typer.Exit(ANSWER_IS_NO)


def _trial(
    folder: Path, runs: int, seed: int, seconds: float, kinds: frozenset[str], targets: Sequence[str]
) -> dict[str, Any]:
    """Works and harm side by side, then the comparison."""
    from kokunen.commands.fault_run import acts

    choice = random.Random(seed)
    done = acts.works(folder, random.Random(f"{seed} {time.time_ns()}"))
    faults: list[Fault] = []
    stop, unhealed = threading.Event(), ""
    threads = [threading.Thread(target=acts.keep_doing, args=(work, seed, stop)) for work in done]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, runs + 1):
            faults.append(one_fault(number, choice, seconds, kinds, targets))
            say(f"{number}/{runs} {faults[-1].fault} {faults[-1].target}: {faults[-1].recovered_seconds:g}秒で復旧")
    except NotWhole as error:
        unhealed = f"市が元に戻りません: {error}"
        say(unhealed)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        heal_lines()
    return _document(runs, seed, unhealed, faults, done)


def _document(runs: int, seed: int, unhealed: str, faults: list[Fault], done: Sequence[Work]) -> dict[str, Any]:
    from kokunen.commands.fault_run import acts
    from kokunen.commands.invariants import check_city

    waiting = _settle()
    differences = _compare_with_the_server() if not waiting else []
    lines = acts.outcome(done)
    report = check_city()
    lost, doubled = sum(line["lost"] for line in lines), sum(line["doubled"] for line in lines)
    return {
        "runs": runs,
        "seed": seed,
        "whole": not unhealed and not waiting and not differences and not lost and not doubled and report.is_whole,
        "unhealed": unhealed,
        "acts": sum(line["acts"] for line in lines),
        "interrupted": sum(line["interrupted"] for line in lines),
        "lost": lost,
        "doubled": doubled,
        "settled": not waiting,
        "waiting": waiting,
        "differences": differences,
        "works": lines,
        "faults": [asdict(fault) for fault in faults],
        "invariants": report.as_dict(),
    }


def _show(document: dict[str, Any]) -> None:
    keys = ("work", "acts", "interrupted", "lost", "doubled")
    rows = [
        [f"{line[key]:,}" if isinstance(line[key], int) else line[key] for key in keys] for line in document["works"]
    ]
    table(f"障害 {len(document['faults'])} 回のあと", ["仕事", "できた", "不明", "失われた", "重なった"], rows)
    for text in (
        *filter(None, [document["unhealed"]]),
        *document["waiting"],
        *document["differences"],
        *document["invariants"]["findings"],
    ):
        write(f"- {text}")


# ---- afterwards ------------------------------------------------------------------------------------------------------


def _settle() -> list[str]:
    """Wait until nothing is under way any more; what still waits after a while ([] = all quiet)."""
    from django.db import Error, connections

    from kokunen.commands.fault_run.acts import officer
    from kokunen.unified_atena.services.sending import try_now

    pause, deadline = threading.Event(), time.monotonic() + _SETTLE_SECONDS
    waiting = ["データベースが応答しません"]
    rested = False
    while time.monotonic() < deadline:
        try:
            if not rested:
                try_now(context=officer())  # lines that rest after a failure are tried at once
                rested = True
            waiting = _still_waiting()
        except Error:
            connections.close_all()
        else:
            if not waiting:
                return []
        pause.wait(0.5)
    return waiting


def _still_waiting() -> list[str]:
    from kokunen.common_platform.integration.overview import feed_rows
    from kokunen.common_platform.operations.choices import LIVE
    from kokunen.common_platform.operations.models import NetRun, QueuedCall
    from kokunen.common_platform.operations.queue import backlog
    from kokunen.unified_atena.choices import BatchState, ItemState
    from kokunen.unified_atena.models import SendBatch, SendItem

    feeds = sum(row.backlog for row in feed_rows())
    items = SendItem.objects.filter(state__in=(ItemState.WAITING, ItemState.IN_FILE)).count()
    found = {
        "庁内連携の未処理": feeds,
        "待ち行列の未処理": sum(backlog().values()),
        "終わっていない依頼": QueuedCall.objects.filter(state="waiting").count(),
        "終わっていないジョブネット": NetRun.objects.filter(state__in=LIVE).count(),
        "送信できていない件": items,
        "結果のない送信データ": SendBatch.objects.filter(state__in=(BatchState.WAITING, BatchState.SENT)).count(),
    }
    return [f"{label} {count} 件" for label, count in found.items() if count]


def _compare_with_the_server() -> list[str]:
    """照合: both sides say what they hold; the differences, or that no answer came."""
    from kokunen.commands.fault_run.acts import officer
    from kokunen.unified_atena.models import Reconciliation
    from kokunen.unified_atena.services.reconciliation import ask_comparison

    asked = ask_comparison(officer())
    pause, deadline = threading.Event(), time.monotonic() + 60
    while time.monotonic() < deadline:
        row = Reconciliation.objects.get(pk=asked.pk)
        if row.agrees is not None:
            return [f"中間サーバーとの照合: {text}" for text in row.differences]
        pause.wait(0.5)
    return ["中間サーバーとの照合の結果が届きません"]
