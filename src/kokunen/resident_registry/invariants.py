"""不変条件 (住民記録): the published register is the register, and messages to outside parties have no hole."""

from __future__ import annotations

from django.db import connections

from kokunen.common_platform.operations.invariants import Check, Outcome, count_and_misfits

_USING = "resident_registry"


def published_people_are_the_register() -> Outcome:
    """公開と台帳: each person of the register is published once, with the status of the current version."""
    return count_and_misfits(
        _USING,
        "with v as (select atena_number, status from resident_version where upper_inf(recorded_period) "
        "and upper_inf(valid_period)) select count(*), count(*) filter (where v.atena_number is null "
        "or p.atena_number is null or v.status is distinct from p.status) "
        "from v full join integrated.resident p using (atena_number)",
        "住民票と公開された住民の合わない人が {} 人あります",
    )


def messages_have_no_hole() -> Outcome:
    """送信電文: a person's messages to one party are numbered without a hole; what was sent has its receipt."""
    return count_and_misfits(
        _USING,
        "with s as (select party, subject, count(*) as n, max(sequence) as top, min(sequence) as first "
        "from outgoing_message group by party, subject) "
        "select coalesce(sum(n), 0), count(*) filter (where top - first + 1 <> n) from s",
        "送信電文の番号に欠けのある相手と人の組が {} 件あります",
    )


def receipts_of_parties_are_single() -> Outcome:
    """相手方の受付番号: one receipt of a party answers one message."""
    return count_and_misfits(
        _USING,
        "with r as (select party, receipt, count(*) as n from outgoing_message where receipt <> '' "
        "group by party, receipt) select coalesce(sum(n), 0), count(*) filter (where n > 1) from r",
        "同じ受付番号の送信電文が {} 組あります",
    )


CHECKS = (
    Check("resident_registry.published", "公開された住民が住民票と合う", published_people_are_the_register),
    Check("resident_registry.messages", "送信電文に欠けがない", messages_have_no_hole),
    Check("resident_registry.receipts", "相手方の受付が重ならない", receipts_of_parties_are_single),
)


def message_numbers(party: str, *, sent_only: bool = False, arrived: bool = False) -> set[str]:
    """電文番号の一覧 of one party: those made here (or only those known to be sent), or those that came from there."""
    from kokunen.resident_registry.choices import SendState
    from kokunen.resident_registry.models import ArrivedMessage, OutgoingMessage

    if arrived:
        return set(ArrivedMessage.objects.filter(party=party).values_list("number", flat=True))
    rows = OutgoingMessage.objects.filter(party=party)
    if sent_only:
        rows = rows.filter(state=SendState.SENT)
    return {message.number for message in rows.only("id", "party")}


def people_living_alone(limit: int) -> dict[str, int]:
    """単身世帯の宛名番号 with the number of the current version: whom a check of the whole city may move about."""
    with connections[_USING].cursor() as cursor:
        cursor.execute(
            "select min(atena_number), min(version_number) from resident_version where upper_inf(recorded_period) "
            "and upper_inf(valid_period) and status = '1' group by household_number having count(*) = 1 "
            "order by 1 limit %s",
            [limit],
        )
        return {str(number): int(version) for number, version in cursor.fetchall()}


def version_numbers(atena_numbers: list[str]) -> dict[str, int]:
    """今の履歴番号 by 宛名番号."""
    with connections[_USING].cursor() as cursor:
        cursor.execute(
            "select atena_number, max(version_number) from resident_version where atena_number = any(%s) "
            "group by atena_number",
            [atena_numbers],
        )
        return {str(number): int(version) for number, version in cursor.fetchall()}
