"""不変条件 (国民年金): receipts and their steps, reports and their lines, qualification periods, the hand-over."""

from __future__ import annotations

from kokunen.common_platform.operations.invariants import Check, Outcome, count_and_misfits

_USING = "national_pension"


def receipts_stand_where_they_came() -> Outcome:
    """受付と経過: a receipt stands in the state of its last step."""
    return count_and_misfits(
        _USING,
        "select count(*), count(*) filter (where s.state is distinct from r.state) from receipt r left join lateral "
        "(select state from receipt_step where notice_id = r.id order by at desc, id desc limit 1) s on true",
        "経過と状態の合わない受付が {} 件あります",
    )


def reports_close() -> Outcome:
    """報告の件数: a report has as many lines as it says, and a receipt is a first line once only."""
    return count_and_misfits(
        _USING,
        "with b as (select b.id, b.line_count, count(l.id) as n from report_batch b left join report_line l "
        "on l.batch_id = b.id group by b.id, b.line_count), d as (select l.notice_id from report_line l "
        "join report_batch b on b.id = l.batch_id where not l.is_resend and b.discard_reason = '' "
        "group by l.notice_id having count(*) > 1) select (select coalesce(sum(n), 0) from b), "
        "(select count(*) from b where n <> line_count) + (select count(*) from d)",
        "件数の合わない報告、または二重に報告した受付が {} 件あります",
    )


def periods_do_not_overlap() -> Outcome:
    """資格期間: nobody is insured twice at one time, and none of the periods lies empty."""
    return count_and_misfits(
        _USING,
        "with p as (select valid_period, lag(valid_period) over (partition by atena_number order by valid_period) "
        "as before from qualification_period where upper_inf(recorded_period)) "
        "select count(*), count(*) filter (where isempty(valid_period) or before && valid_period) from p",
        "重なるか空の資格期間が {} 件あります",
    )


def told_people_are_known() -> Outcome:
    """資格情報の移転: whoever was handed over to the 市民課 is published, and the other way round."""
    return count_and_misfits(
        _USING,
        "select count(*), count(*) filter (where h.atena_number is null or p.atena_number is null) "
        "from qualification_hand_over h full join integrated.pension_qualification p using (atena_number)",
        "移転の控えと公開の合わない人が {} 人あります",
    )


def work_items_are_single() -> Outcome:
    """要処理事項: one cause makes one item."""
    return count_and_misfits(
        _USING,
        "with w as (select source_key, count(*) as n from work_item where source_key <> '' group by source_key) "
        "select coalesce(sum(n), 0), count(*) filter (where n > 1) from w",
        "同じ出来事からの要処理事項が {} 組あります",
    )


CHECKS = (
    Check("national_pension.receipts", "受付の状態が経過と合う", receipts_stand_where_they_came),
    Check("national_pension.reports", "報告の件数が閉じる", reports_close),
    Check("national_pension.periods", "資格期間が重ならない", periods_do_not_overlap),
    Check("national_pension.hand_over", "移転の控えと公開が合う", told_people_are_known),
    Check("national_pension.work", "要処理事項が重ならない", work_items_are_single),
)
