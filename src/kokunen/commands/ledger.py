"""kokunen ledger: the access ledger from outside (検証)."""

from __future__ import annotations

import typer

from .console import ANSWER_IS_NO, JsonOption, set_up_django, write, write_json

app = typer.Typer(help="閲覧記録台帳", no_args_is_help=True)


@app.callback()
def _ledger() -> None:
    """閲覧記録台帳を検証する。"""


@app.command("verify")
def verify(json_output: JsonOption = False) -> None:
    """台帳全体を検証する: ハッシュの鎖、記録者ごとの番号、本人ごとの番号に欠けがないか。"""
    set_up_django()
    from kokunen.ledger import verification

    report = verification.verify()
    if json_output:
        write_json(report.as_dict())
    else:
        write("台帳は完全です。" if report.is_whole else "台帳に欠けまたは改変があります。")
        write(f"封印済み {report.sealed:,} 件、封印待ち {report.waiting:,} 件、鎖の先端 {report.head}")
        for finding in report.findings:
            write(f"- {finding}")
    if not report.is_whole:
        raise typer.Exit(ANSWER_IS_NO)
