"""評価書: kokunen assessment: the published assessment against the running city, its versions, its form, its flows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .console import ANSWER_IS_NO, JsonOption, set_up_django, table, write, write_json

app = typer.Typer(help="特定個人情報保護評価書", no_args_is_help=True)


class Format(StrEnum):
    """書き出す形."""

    PDF = "pdf"
    HTML = "html"


@app.callback()
def _assessment() -> None:
    """評価書を動いている市と比べ、版の差を示し、様式3を書き出す。"""


@app.command("check")
def check(json_output: JsonOption = False) -> None:
    """動いているデータベースを評価書と比べる: 宣言のない列、記載を外れた数、記載の矛盾。"""
    set_up_django()
    from kokunen.assessment import consistency, figures, queries
    from kokunen.common_platform.assessment_desk import storage

    document = queries.document_in_force()
    undeclared = storage.undeclared_columns()
    compared = figures.compare(document, figures.live_counts())
    findings = consistency.check(document)
    holds = not undeclared and all(figure.fits for figure in compared)
    if json_output:
        write_json(
            {
                "edition": document.edition,
                "holds": holds,
                "undeclared_columns": undeclared,
                "figures": [
                    {"item": f.leaf_id, "count": f.count, "declared": f.declared, "fits": f.fits} for f in compared
                ],
                "findings": [{"rule": f.rule, "where": list(f.where), "words": f.words} for f in findings],
            }
        )
    else:
        write(f"評価書 {document.edition} の版")
        for column in undeclared:
            write(f"- 宣言のない列: {column}")
        for figure in compared:
            mark = "一致" if figure.fits else "記載を外れています"
            write(f"- {figure.label}: 実際 {figure.count:,}、記載「{figure.declared}」 {mark}")
        for finding in findings:
            write(f"- 記載の矛盾: {finding.words}")
    if not holds:
        raise typer.Exit(ANSWER_IS_NO)


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="前の版（例: 2025-12-26）")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="後の版（例: next-draft）")],
    json_output: JsonOption = False,
) -> None:
    """2つの版の差を別添2の行として示す。"""
    set_up_django()
    from kokunen.assessment import changes, queries

    rows = changes.diff(queries.get_document(old), queries.get_document(new))
    if json_output:
        write_json([row.as_dict() for row in rows])
        return
    table(
        f"別添2: {old} → {new}",
        ["項目", "変更前", "変更後", "見立て"],
        [[row.place, row.before, row.after, changes.SIGNIFICANCE_JA[row.significance]] for row in rows],
    )


@app.command("render")
def render(
    form: Annotated[Format, typer.Option("--format", help="pdf か html")] = Format.PDF,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="書き出すファイル")] = None,
) -> None:
    """効力のある評価書を様式3として書き出す。"""
    set_up_django()
    from kokunen.common_platform.assessment_desk import documents

    target = out or Path(f"assessment.{form}")
    target.write_bytes(documents.form() if form is Format.PDF else documents.web_page().encode())
    write(str(target))


@app.command("flows")
def flows(json_output: JsonOption = False) -> None:
    """効力のある評価書から作られた情報の流れの方針。"""
    set_up_django()
    from kokunen.assessment import queries

    policy = queries.policy_in_force()
    if json_output:
        write_json(
            [
                {"id": f.flow_id, "from": f.source, "to": f.recipient, "channel": f.channel, "basis": list(f.basis)}
                for f in policy.flows.values()
            ]
        )
        return
    rows = [[f.flow_id, f.source, f.recipient, f.channel, "、".join(f.basis)] for f in policy.flows.values()]
    table(f"情報の流れ（{policy.edition}）", ["番号", "から", "へ", "方法", "評価書"], rows)
