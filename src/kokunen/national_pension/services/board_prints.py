"""未完了の受付の出力: the board as a list on paper or as CSV, with its ledger entry; no name, no address in the CSV."""

from __future__ import annotations

import csv
import io

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import documents
from kokunen.national_pension.queries import lists
from kokunen.national_pension.services.common import USING, one_case
from kokunen.national_pension.services.slips import Slip

PRINT_LIMIT = 2000
HEADER = ("受付番号", "届書", "受付状況", "受付日", "経過日数", "期限", "警告", "窓口", "担当", "備考")


@one_case("未完了の受付の印刷")
def print_board(*, chosen: lists.BoardFilter, office_name: str, context: AccessContext) -> Slip:
    """一覧を印刷する."""
    rows, numbers = _rows(chosen, context)
    serial = printing.next_serial(context.office_code)
    record(
        USING,
        context,
        act=Act.PRINT,
        dataset="未完了の受付",
        atena_numbers=numbers,
        items=("R1 基本情報",),
        serial=serial,
    )
    content = documents.board_list(rows, header=HEADER, office=office_name, serial=serial, at=clock.now())
    return Slip(f"board-{clock.today():%Y%m%d}.pdf", content, serial)


@one_case("未完了の受付のCSV出力")
def export_board(*, chosen: lists.BoardFilter, context: AccessContext) -> tuple[str, int]:
    """CSV: the rows of the print, and how many people stand in it."""
    rows, numbers = _rows(chosen, context)
    record(USING, context, act=Act.EXPORT, dataset="未完了の受付", atena_numbers=numbers, items=("R1 基本情報",))
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([HEADER, *rows])
    return out.getvalue(), len(set(numbers))


def _rows(chosen: lists.BoardFilter, context: AccessContext) -> tuple[list[list[str]], list[str]]:
    columns = lists.board(context=context, chosen=chosen, limit=PRINT_LIMIT)
    cards = [card for column in columns for card in column.cards]
    rows = [
        [
            card.notice.receipt_number,
            card.notice.get_kind_display(),
            card.notice.get_state_display(),
            format_wareki(card.notice.received_on),
            str(card.age_days),
            format_wareki(card.limit_on) if card.limit_on else "",
            card.warning or ("長期" if card.held else ""),
            card.office_name,
            card.notice.received_by,
            card.notice.waiting_at or card.notice.returned_reason or "、".join(card.notice.missing_papers),
        ]
        for card in cards
    ]
    return rows, [card.notice.atena_number for card in cards]
