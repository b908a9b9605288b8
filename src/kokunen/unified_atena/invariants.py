"""不変条件 (団体内統合宛名): files hold the rows that are told of them, links hang on numbers that live."""

from __future__ import annotations

from kokunen.common_platform.operations.invariants import Check, Outcome, count_and_misfits

_USING = "unified_atena"


def files_hold_their_rows() -> Outcome:
    """送信データと件: a file has as many rows as items were put into it (a comparison has none)."""
    return count_and_misfits(
        _USING,
        "select coalesce(sum(b.row_count), 0), count(*) filter (where b.row_count <> (select count(*) from send_item i "
        "where i.batch_id = b.id)) from send_batch b",
        "件数の合わない送信データが {} 件あります",
    )


def links_hang_on_living_numbers() -> Outcome:
    """宛名紐付: a link in force hangs on a 団体内統合宛名番号 that was not ended and has a number in force."""
    return count_and_misfits(
        _USING,
        "select count(*), count(*) filter (where p.ended_at is not null or not exists (select 1 from number_period n "
        "where n.person_id = p.unified_number and n.until is null)) "
        "from atena_link l join unified_person p on p.unified_number = l.person_id where l.ended_at is null",
        "終わった番号に紐付いた宛名が {} 件あります",
    )


CHECKS = (
    Check("unified_atena.files", "送信データの件数が合う", files_hold_their_rows),
    Check("unified_atena.links", "宛名紐付が有効な番号に付いている", links_hang_on_living_numbers),
)
