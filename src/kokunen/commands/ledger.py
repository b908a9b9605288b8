"""台帳: kokunen ledger: the access ledger from outside (検証, 開示, 追跡)."""

from __future__ import annotations

import getpass
import socket
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import ANSWER_IS_NO, JsonOption, set_up_django, table, write, write_json

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext

app = typer.Typer(help="閲覧記録台帳", no_args_is_help=True)


@app.callback()
def _ledger() -> None:
    """閲覧記録台帳を検証し、本人に開示し、印刷物から職員をたどる。"""


@app.command("verify")
def verify(json_output: JsonOption = False) -> None:
    """台帳全体を検証する: ハッシュの鎖、記録者ごとの番号、本人ごとの番号、検印、第二保管者の控え。"""
    set_up_django()
    from kokunen.ledger import verification

    report = verification.verify()
    if json_output:
        write_json(report.as_dict())
    else:
        write("台帳は完全です。" if report.is_whole else "台帳に欠けまたは改変があります。")
        write(f"封印済み {report.sealed:,} 件、封印待ち {report.waiting:,} 件、鎖の先端 {report.head}")
        write(f"検印 {report.checkpoints:,} 件、第二保管者の控え {report.held:,} 件")
        for finding in report.findings:
            write(f"- {finding}")
    if not report.is_whole:
        raise typer.Exit(ANSWER_IS_NO)


@app.command("checkpoint")
def checkpoint(json_output: JsonOption = False) -> None:
    """検印を取り、第二保管者に渡す。"""
    set_up_django()
    from kokunen.ledger import checkpoints

    taken = checkpoints.take()
    if json_output:
        write_json({"number": taken.statement.number, "statement": taken.statement.text, "receipt": taken.receipt})
        return
    write(f"検印 {taken.statement.number} 番（封印の {taken.statement.last:,} 番まで）を第二保管者に渡しました。")


@app.command("disclose")
def disclose(
    atena: Annotated[str, typer.Option("--atena", metavar="N", help="本人の宛名番号")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="開示一式を書くフォルダ")],
    json_output: JsonOption = False,
) -> None:
    """本人への開示一式（開示書、証明、鍵、検証の道具）をつくる。"""
    set_up_django()
    from kokunen.common_platform.access_history.services import make_disclosure
    from kokunen.kernel.numbers import AtenaNumber

    number = AtenaNumber.parse(atena, lenient=True).value
    envelope = make_disclosure(number, context=_acting("disclosure"))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in envelope.files.items():
        (out / name).write_bytes(content)
    if json_output:
        files = {name: str(out / name) for name in envelope.files}
        write_json(
            {
                "atena_number": number,
                "entries": envelope.entries,
                "checkpoint": envelope.checkpoint,
                "serial": envelope.serial,
                "files": files,
            }
        )
        return
    write(f"閲覧 {envelope.entries:,} 件の開示一式を {out} に書きました（発行番号 {envelope.serial}）。")


@app.command("trace")
def trace(
    serial: Annotated[str, typer.Argument(metavar="SERIAL", help="印刷物の発行番号")],
    json_output: JsonOption = False,
) -> None:
    """印刷物の発行番号から、印刷した職員、端末、日時をたどる。"""
    set_up_django()
    from kokunen.common_platform.access_history.queries import find_by_serial

    rows = find_by_serial(serial.strip(), context=_acting("audit")).rows
    if json_output:
        write_json(
            [{**asdict(row.entry), "staff_name": row.staff_name, "office_name": row.office_name} for row in rows]
        )
    else:
        table(
            f"発行番号 {serial}",
            ["日時", "職員", "部署", "端末", "行為", "対象"],
            [
                [
                    f"{row.entry.recorded_at:%Y-%m-%d %H:%M:%S}",
                    f"{row.staff_name} ({row.entry.staff_number})",
                    row.office_name,
                    row.entry.terminal,
                    row.entry.act_ja,
                    row.entry.dataset,
                ]
                for row in rows
            ],
        )
    if not rows:
        raise typer.Exit(ANSWER_IS_NO)


def _acting(purpose: str) -> AccessContext:
    """Whoever sits at the machine: the command line knows no sign-in, so the ledger says so."""
    from kokunen.ledger.access import AccessContext

    return AccessContext(
        staff_number=f"system:cli:{getpass.getuser()}",
        office_code="system",
        purpose=purpose,
        screen="kokunen ledger",
        terminal=socket.gethostname(),
    )
