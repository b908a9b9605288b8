"""ジョブ: kokunen jobs: the nets of the house with their state, and one of them begun by hand."""

from __future__ import annotations

import getpass
import socket
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import ANSWER_IS_NO, JsonOption, say, set_up_django, table, write, write_json

if TYPE_CHECKING:
    from kokunen.common_platform.operations.models import NetRun

app = typer.Typer(help="ジョブネットの一覧と起動", no_args_is_help=True)


@app.callback()
def _jobs() -> None:
    """ジョブネットの一覧を見る、起動する。"""


@app.command("list")
def list_nets(json_output: JsonOption = False) -> None:
    """ジョブネットと、最後の実行の状態、次の運転日を一覧にする。"""
    set_up_django()
    from kokunen.common_platform.operations.net_list import net_rows

    rows = net_rows()
    if json_output:
        write_json([row.as_dict() for row in rows])
        return
    shown = [
        [row.code, row.label_ja, row.rule_ja, row.state_ja, str(row.last_date or ""), str(row.next_date or "随時")]
        for row in rows
    ]
    table("ジョブネット", ["ネット", "名称", "運転日", "最後の実行", "業務日付", "次の運転日"], shown)


@app.command("run")
def run_net(
    net: Annotated[str, typer.Argument(metavar="NET", help="ネットの番号（例: NPD010）")],
    day: Annotated[str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="業務日付（省略時は今日）")] = None,
    seconds: Annotated[float, typer.Option("--wait", min=1, help="終わるまで待つ秒数")] = 3600,
    json_output: JsonOption = False,
) -> None:
    """ジョブネットを起動し、終わるまで待つ。異常終了なら終了状態1。作業プロセスがなくてもここで処理する。"""
    business_date = _day(day)
    set_up_django()
    from kokunen.common_platform.operations.choices import RunState
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.nets import all_nets
    from kokunen.common_platform.operations.runs import request_run

    if net not in (known := all_nets()):
        raise typer.BadParameter(f"ネット「{net}」はありません。使えるもの: {', '.join(known)}", param_hint="NET")
    run = request_run(net, by=f"os:{getpass.getuser()}", terminal=socket.gethostname(), business_date=business_date)
    say(f"{net} を起動しました（実行 {run.pk}、業務日付 {run.business_date}）")
    run = work_through(run.pk, seconds=seconds)
    document = _run_as_dict(run)
    if json_output:
        write_json(document)
    else:
        rows = [[s["job"], s["state_ja"], str(s["return_code"]), s["message"]] for s in document["steps"]]
        table(f"{net} {document['state_ja']}", ["ジョブ", "状態", "戻り値", "結果"], rows)
        write(document["message"])
    if run.state not in (RunState.WELL, RunState.WARNING):
        raise typer.Exit(ANSWER_IS_NO)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"日付 {text} は 2026-11-24 のように指定してください", param_hint="--day") from None


def _run_as_dict(run: NetRun) -> dict[str, Any]:
    return {
        "run": run.pk,
        "net": run.net,
        "business_date": run.business_date,
        "state": str(run.state),
        "state_ja": run.get_state_display(),
        "message": run.message,
        "steps": [
            {
                "job": step.code,
                "state": str(step.state),
                "state_ja": step.get_state_display(),
                "return_code": step.return_code,
                "attempt": step.attempt,
                "started_at": step.started_at,
                "ended_at": step.ended_at,
                "message": step.message,
            }
            for step in run.steps.all()
        ],
    }
