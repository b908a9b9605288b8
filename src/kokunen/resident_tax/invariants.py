"""不変条件 (個人住民税): one decision in force for a person and year, and its amounts close."""

from __future__ import annotations

from kokunen.common_platform.operations.invariants import Check, Outcome, count_and_misfits

_USING = "resident_tax"


def decisions_close() -> Outcome:
    """年税額: the parts of a decision make its total, and its instalments make the total again."""
    return count_and_misfits(
        _USING,
        "select count(*), count(*) filter (where total_tax is distinct from city_tax + prefecture_tax + forest_tax "
        "or (cardinality(instalments) > 0 and total_tax <> (select sum(i) from unnest(instalments) i))) "
        "from tax_decision where upper_inf(recorded_period) and total_tax is not null",
        "内訳または期割の合わない課税が {} 件あります",
    )


CHECKS = (Check("resident_tax.decisions", "年税額と内訳・期割が合う", decisions_close),)
