"""不変条件 (住登外管理): what is published is what the office holds."""

from __future__ import annotations

from kokunen.common_platform.operations.invariants import Check, Outcome, count_and_misfits

_USING = "nonresident_registry"


def published_records_are_the_records() -> Outcome:
    """公開と記録: each record is published once, with the state of its current version."""
    return count_and_misfits(
        _USING,
        "with v as (select atena_number, status from atena_version where upper_inf(recorded_period) "
        "and upper_inf(valid_period)) select count(*), count(*) filter (where v.atena_number is null "
        "or p.atena_number is null or v.status is distinct from p.status) "
        "from v full join integrated.nonresident p using (atena_number)",
        "記録と公開された宛名の合わないものが {} 件あります",
    )


def published_links_are_the_links() -> Outcome:
    """公開と名寄せ: a child that is bound is published under its parent, one that is not bound under nobody."""
    return count_and_misfits(
        _USING,
        "with l as (select child as atena_number, parent from merge_link where state in ('2', '3')), "
        "p as (select atena_number, parent_atena_number from integrated.atena_link where is_current) "
        "select count(*), count(*) filter (where l.parent is distinct from p.parent_atena_number) "
        "from l full join p using (atena_number)",
        "名寄せと公開された名寄せの合わないものが {} 件あります",
    )


CHECKS = (
    Check("nonresident_registry.published", "公開された宛名が記録と合う", published_records_are_the_records),
    Check("nonresident_registry.links", "公開された名寄せが名寄せと合う", published_links_are_the_links),
)
