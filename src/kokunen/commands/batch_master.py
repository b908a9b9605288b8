"""バッチマスタ: kokunen batch-master: the integrated database as dated columnar files."""

from __future__ import annotations

import getpass
import socket
from typing import TYPE_CHECKING, Any

import typer

from .console import JsonOption, set_up_django, table, write, write_json

if TYPE_CHECKING:
    from kokunen.common_platform.batch_master.models import Generation

app = typer.Typer(help="バッチマスタ", no_args_is_help=True)


@app.callback()
def _batch_master() -> None:
    """統合データベースの写し（バッチマスタ）を作り、世代を示す。"""


@app.command("snapshot")
def snapshot(json_output: JsonOption = False) -> None:
    """統合データベース全体を、ある時点の写しとして作る。"""
    set_up_django()
    from kokunen.common_platform.batch_master.manifest import folder_of
    from kokunen.common_platform.batch_master.services import take_snapshot
    from kokunen.ledger.access import AccessContext

    context = AccessContext(
        staff_number=f"system:cli:{getpass.getuser()}",
        office_code="system",
        purpose="system_linkage",
        screen="kokunen batch-master",
        terminal=socket.gethostname(),
    )
    taken = take_snapshot(context)
    row = taken.generation
    if json_output:
        write_json(
            {
                **_facts(row),
                "seconds": round(taken.seconds, 3),
                "folder": str(folder_of(row.pk)),
                "retired": list(taken.retired),
            }
        )
        return
    write(f"世代{row.pk}を作りました: {row.rows:,}行、{row.bytes_written:,}バイト、{taken.seconds:.1f}秒")


@app.command("list")
def generations(json_output: JsonOption = False) -> None:
    """世代の一覧を新しい順に示す。"""
    set_up_django()
    from kokunen.common_platform.batch_master import queries
    from kokunen.common_platform.operations.clock import OFFICE_ZONE

    rows = list(queries.find_generations())
    if json_output:
        write_json([_facts(row) for row in rows])
        return
    table(
        "バッチマスタの世代",
        ["世代", "状態", "業務日付", "基準時刻", "行数"],
        [
            [
                str(row.pk),
                str(row.get_state_display()),
                f"{row.business_date:%Y-%m-%d}",
                f"{row.cutoff_at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M:%S}" if row.cutoff_at else "",
                f"{row.rows:,}",
            ]
            for row in rows
        ],
    )


def _facts(row: Generation) -> dict[str, Any]:
    return {
        "generation": row.pk,
        "state": row.state,
        "business_date": row.business_date,
        "cutoff_at": row.cutoff_at,
        "cutoff_seqs": row.cutoff_seqs,
        "rows": row.row_counts,
        "bytes": row.bytes_written,
        "manifest_sha256": row.manifest_sha256,
    }
