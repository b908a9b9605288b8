"""kokunen report: the report to 日本年金機構 from the command line, in a demo city.

The command line knows no sign-in, so it acts for a member of staff only where the data are invented: in production the
section works at its screens, where each of the two officers signs for himself.
"""

from __future__ import annotations

import socket
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import JsonOption, refuse_outside_demo, set_up_django, write, write_json

if TYPE_CHECKING:
    from kokunen.counterparts.jps.gateway import JpsGateway
    from kokunen.ledger.access import AccessContext

app = typer.Typer(help="日本年金機構への報告", no_args_is_help=True)

_PURPOSE = "pension_report"


class Medium(StrEnum):
    """媒体の種類."""

    CD = "cd"
    DVD = "dvd"


StaffOption = Annotated[str, typer.Option("--staff", metavar="NUMBER", help="処理する職員の番号（例: nenkin1）")]


@app.callback()
def _report() -> None:
    """日本年金機構への報告を確かめ、作成し、引き渡し、処理結果を取り込む（デモの市）。"""
    refuse_outside_demo("report")


@app.command("closing")
def closing(staff: StaffOption, json_output: JsonOption = False) -> None:
    """締切の確認: 今日送れる届書の件数と、保留の理由。"""
    context = _acting(staff, "REPORT_BUILD")
    from kokunen.national_pension.services import reporting

    found = reporting.closing(writer=_gateway(), context=context)
    held = [{"receipt_number": h.notice.receipt_number, "reasons": list(h.reasons)} for h in found.held_back]
    document = {"ready": len(found.ready), "counts": found.counts, "held_back": held}
    _answer(json_output, document, [f"送れる届書 {len(found.ready)} 件、保留 {len(held)} 件"])


@app.command("build")
def build(
    staff: StaffOption,
    medium: Annotated[Medium, typer.Option("--medium", help="媒体の種類")] = Medium.CD,
    json_output: JsonOption = False,
) -> None:
    """作成: 一覧、送付書、封をした媒体を作る。"""
    context = _acting(staff, "REPORT_BUILD")
    from kokunen.national_pension.reporting_types import MediumKind
    from kokunen.national_pension.services import reporting

    kind = MediumKind.CD if medium is Medium.CD else MediumKind.DVD
    batch = reporting.build(writer=_gateway(), medium=kind, context=context)
    _answer(json_output, _batch(batch), [f"報告 {batch.pk} を作成しました: {batch.line_count} 件、{batch.media_path}"])


@app.command("hand-over")
def hand_over(
    batch_id: Annotated[int, typer.Argument(metavar="BATCH", help="報告の番号（build が答えた id）")],
    first: Annotated[str, typer.Option("--first", metavar="NUMBER", help="引渡者の職員番号")],
    second: Annotated[str, typer.Option("--second", metavar="NUMBER", help="立会者の職員番号（引渡者と別の職員）")],
    carrying_case: Annotated[str, typer.Option("--case", help="施錠ケースの番号")],
    medium: Annotated[str, typer.Option("--medium", help="媒体の管理番号（空なら報告の番号で台帳に登録）")] = "",
    json_output: JsonOption = False,
) -> None:
    """引渡し: 2人の職員が署名し、媒体を日本年金機構に渡す。"""
    contexts = [_acting(number, "REPORT_HAND_OVER") for number in (first, second)]
    from kokunen.national_pension.services import reporting

    reporting.sign_first(batch_id=batch_id, carrying_case=carrying_case, medium=medium, context=contexts[0])
    batch = reporting.sign_second(batch_id=batch_id, writer=_gateway(), context=contexts[1])
    _answer(json_output, _batch(batch), [f"報告 {batch.pk} を引き渡しました（送付日 {batch.sent_on}）"])


@app.command("results")
def results(staff: StaffOption, json_output: JsonOption = False) -> None:
    """処理結果の取込: 日本年金機構の答えを送ったものと突き合わせる。"""
    context = _acting(staff, "RESULT_TAKE")
    from dataclasses import asdict

    from kokunen.national_pension.services.results import take_in

    intake = take_in(writer=_gateway(), context=context)
    lines = [
        f"結果ファイル {intake.files} 件: 受理 {intake.accepted}、返戻 {intake.returned}、不一致 {intake.unmatched}",
        *(f"読めない結果: {text}" for text in intake.unreadable),
        *(f"受け付けられなかった報告: {text}" for text in intake.refused),
    ]
    _answer(json_output, asdict(intake), lines)


def _acting(number: str, permission: str) -> AccessContext:
    """The context of a member of staff who may do this today. Raises NotAllowed."""
    set_up_django()
    from kokunen.common_platform.portal import permissions, queries
    from kokunen.kernel.errors import NotAllowed
    from kokunen.ledger.access import AccessContext
    from kokunen.national_pension import perms

    staff = queries.find_staff(number)
    postings = queries.find_postings(staff.pk) if staff is not None else []
    for posting in postings:
        if getattr(perms, permission) in permissions.permissions_of_roles(posting.roles):
            return AccessContext(
                staff_number=number,
                office_code=posting.office_id,
                purpose=_PURPOSE,
                screen="kokunen report",
                terminal=socket.gethostname(),
            )
    raise NotAllowed(
        f"職員「{number}」は今日この処理を行えません",
        hint="国民年金課の職員の番号を指定してください（kokunen accounts で一覧）。",
    )


def _gateway() -> JpsGateway:
    from kokunen.counterparts.jps.gateway import city_gateway

    return city_gateway()


def _batch(batch: Any) -> dict[str, Any]:
    return {
        "id": batch.pk,
        "fiscal_year": batch.fiscal_year,
        "serial": batch.serial,
        "state": str(batch.state),
        "lines": batch.line_count,
        "counts": batch.counts,
        "medium": batch.media_path,
        "sha256": batch.media_sha256,
        "sent_on": batch.sent_on,
    }


def _answer(json_output: bool, document: dict[str, Any], lines: list[str]) -> None:
    if json_output:
        write_json(document)
        return
    for line in lines:
        write(line)
