"""年金特別徴収の送受信: files go out and come in once each, whatever the line does.

A file that waits and its answer are one transaction: a kill between them sends the same number again, and the party
answers a number it has seen without doing anything twice. What arrives is stored under the party's number, then
acknowledged, then applied record by record; a file that cannot be read is listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.kernel.names import search_key
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax.choices import ExchangeState, ExchangeWay, WithholdingState
from kokunen.resident_tax.models import PensionExchange, PensionWithholding
from kokunen.resident_tax.services.common import USING
from kokunen.resident_tax.wiring import ArrivedFile, Carrier

CONTENTS = {
    "00": "特別徴収対象者情報", "01": "特別徴収依頼（税額）通知", "02": "依頼の処理結果", "22": "特別徴収結果通知",
    "41": "特別徴収停止通知", "42": "停止の処理結果",
}  # fmt: skip
"""通知内容コード."""

RESULTS = {"01": "失権", "02": "差止", "03": "支払額不足", "09": "該当者なし", "10": "すでに停止"}
_KANA_BYTES = 25


@dataclass(frozen=True, slots=True)
class Round:
    """一巡の結果: files sent, refused, taken in and applied; ``trouble`` says what stopped it."""

    sent: int = 0
    refused: int = 0
    taken: int = 0
    applied: int = 0
    trouble: str = ""


def exchange(line: Carrier, context: AccessContext) -> Round:
    """送受信の一巡: send what waits, take in what is there, apply it. A line that fails is told, nothing is lost."""
    sent = refused = taken = 0
    trouble = ""
    try:
        while (state := _send_next(line)) is not None:
            sent += state == ExchangeState.SENT
            refused += state == ExchangeState.REFUSED
        while waiting := line.fetch():
            taken += _store(waiting, context)
            line.acknowledge([one.number for one in waiting])
    except KokunenError as error:
        if error.code != "line_trouble":
            raise
        trouble = error.message
    return Round(sent, refused, taken, apply_new(context), trouble)


def _send_next(line: Carrier) -> ExchangeState | None:
    """Send the oldest waiting file; None when there is none. A failing line leaves its words and raises."""
    trouble: KokunenError | None = None
    with transaction.atomic(using=USING):
        file = (
            PensionExchange.objects.select_for_update(skip_locked=True)
            .filter(way=ExchangeWay.OUT, state=ExchangeState.WAITING).order_by("id").first()
        )  # fmt: skip
        if file is None:
            return None
        file.attempts += 1
        try:
            answer = line.send(
                number=file.number, kind=file.content_code, items=file.items, created_at=file.made_at.isoformat()
            )
        except KokunenError as error:
            trouble, file.problem = error, error.message[:300]
        else:
            file.state = ExchangeState.SENT if answer.accepted else ExchangeState.REFUSED
            file.receipt, file.problem, file.settled_at = answer.receipt, "", clock.now()
            file.faults = [{"code": fault.code, "message": fault.message} for fault in answer.faults]
            if not answer.accepted:
                _give_back(file)
        file.save()
    if trouble is not None:
        raise trouble
    return ExchangeState(file.state)


def _give_back(file: PensionExchange) -> None:
    """A refused file leaves its people where they were, to be sent anew."""
    if file.content_code == "01":
        file.requests.filter(state=WithholdingState.REQUESTED).update(state=WithholdingState.READY, request=None)
    else:
        file.stops.filter(state=WithholdingState.STOPPING).update(state=WithholdingState.ACCEPTED, stop=None)


def _store(waiting: Sequence[ArrivedFile], context: AccessContext) -> int:
    at = clock.now()
    with transaction.atomic(using=USING):
        known = set(
            PensionExchange.objects.filter(
                way=ExchangeWay.IN, number__in=[one.number for one in waiting]
            ).values_list("number", flat=True)
        )  # fmt: skip
        fresh = {one.number: one for one in waiting if one.number not in known}
        PensionExchange.objects.bulk_create(
            [
                PensionExchange(
                    way=ExchangeWay.IN, number=one.number, content_code=one.kind[:2],
                    file_name=str(one.items.get("file_name", ""))[:80], problem=one.problem[:300],
                    state=ExchangeState.BROKEN if one.problem else ExchangeState.WAITING,
                    records=len(one.items.get("records", [])), items={} if one.problem else dict(one.items),
                    made_at=at, made_by=context.staff_number,
                )
                for one in fresh.values()
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    return len(fresh)


def apply_new(context: AccessContext) -> int:
    """届いたファイルを反映する, oldest first, each in one transaction; safe to repeat."""
    waiting = PensionExchange.objects.filter(way=ExchangeWay.IN, state=ExchangeState.WAITING).order_by("id")
    applied = 0
    for number in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic(using=USING):
            file = PensionExchange.objects.select_for_update().get(pk=number)
            if file.state != ExchangeState.WAITING:
                continue
            file.tax_year = tax_year_of(date.fromisoformat(file.items["created_on"]))
            file.applied = _APPLY[file.content_code](file)
            file.state, file.settled_at = ExchangeState.APPLIED, clock.now()
            file.items = {"payer": file.items["payer"], "created_on": file.items["created_on"]}
            file.save()
            record(
                USING, context, act=Act.LOAD, dataset=f"年金特別徴収（{CONTENTS[file.content_code]}）",
                count=file.applied, items=("R10 所得情報",), detail={"file": file.file_name},
            )  # fmt: skip
            applied += 1
    return applied


def tax_year_of(day: date) -> int:
    """年度: from 対象者情報 (May) to the results of the next spring."""
    return day.year if (day.month, day.day) >= (5, 1) else day.year - 1


_MATCH = """
with given as (select * from unnest(%(ids)s::bigint[], %(keys)s::text[], %(cut)s::boolean[]) as g(id, key, cut)),
found as (
    select w.id, min(r.atena_number) as atena, count(*) as hits
    from given g join pension_withholding w on w.id = g.id
    join integrated.resident_tax__resident r on r.birth_date = w.birth_date and r.sex = w.sex
        and (r.kana_key = g.key or (g.cut and starts_with(r.kana_key, g.key)))
    where r.status in ('1', '3') group by w.id
)
update pension_withholding w set
    atena_number = case when f.hits = 1 then f.atena else '' end,
    state = case when f.hits = 1 then %(candidate)s else %(unmatched)s end,
    reason = case when f.hits = 1 then '' when f.hits > 1 then '同じ氏名カナ・生年月日の方が' || f.hits || '人います'
        else '氏名カナ・生年月日・性別の合う方がいません' end
from given g left join found f on f.id = g.id where w.id = g.id
"""


def _candidates(file: PensionExchange) -> int:
    """対象者情報: who is new is stored and matched by reading, birth and sex; who is known stays as he is."""
    payer, now = file.items["payer"], clock.now()
    year = tax_year_of(date.fromisoformat(file.items["created_on"]))
    rows = {(one["pension_number"], one["pension_code"]): one for one in file.items["records"]}
    known = set(
        PensionWithholding.objects.filter(tax_year=year, payer_code=payer).values_list("pension_number", "pension_code")
    )
    made = PensionWithholding.objects.bulk_create(
        [
            PensionWithholding(
                tax_year=year, payer_code=payer, pension_number=one["pension_number"],
                pension_code=one["pension_code"], name=one["name"][:60], kana=one["kana"][:60],
                birth_date=date.fromisoformat(one["birth_date"]), sex=one["sex"], address=one["address"][:200],
                yearly_pension=one["amounts"][0], care_premium=one["amounts"][1], moved_at=now,
            )
            for key, one in rows.items() if key not in known
        ],
        batch_size=2_000,
    )  # fmt: skip
    keys = [search_key(row.kana) for row in made]
    with connections[USING].cursor() as cursor:
        cursor.execute(
            _MATCH,
            {"ids": [row.pk for row in made], "keys": keys, "cut": [_may_be_cut(row.kana) for row in made],
             "candidate": WithholdingState.CANDIDATE, "unmatched": WithholdingState.UNMATCHED},
        )  # fmt: skip
    return len(made)


def _may_be_cut(kana: str) -> bool:
    """The reading fills its 25 bytes (a voiced kana takes two): the rest of the name may be missing."""
    import unicodedata

    return len(unicodedata.normalize("NFD", kana)) >= _KANA_BYTES


def _results_of_request(file: PensionExchange) -> int:
    """依頼の処理結果: accepted, or the reason why the payer cannot withhold."""
    return _settle(file, WithholdingState.REQUESTED, WithholdingState.ACCEPTED, WithholdingState.REFUSED)


def _results_of_stop(file: PensionExchange) -> int:
    """停止の処理結果: the withholding has ended; what the payer refuses goes on and says why."""
    return _settle(file, WithholdingState.STOPPING, WithholdingState.STOPPED, WithholdingState.ACCEPTED)


_SETTLE = """
update pension_withholding w set
    state = case when g.result in ('', '00', '10') then %(good)s else %(bad)s end,
    reason = case when g.result in ('', '00', '10') then '' else g.words end, moved_at = %(now)s
from (select * from unnest(%(numbers)s::text[], %(codes)s::text[], %(results)s::text[], %(words)s::text[])
    as g(number, code, result, words)) g
where w.payer_code = %(payer)s and w.state = %(was)s and w.pension_number = g.number and w.pension_code = g.code
"""


def _settle(file: PensionExchange, was: str, good: str, bad: str) -> int:
    rows: list[Mapping[str, Any]] = file.items["records"]
    values = _keys(file) | {
        "results": [one["result"] for one in rows],
        "words": [RESULTS.get(one["result"], f"処理結果 {one['result']}") for one in rows],
        "good": str(good), "bad": str(bad), "was": str(was), "now": clock.now(),
    }  # fmt: skip
    with connections[USING].cursor() as cursor:
        cursor.execute(_SETTLE, values)
        return int(cursor.rowcount)


_WITHHELD = """
update pension_withholding w set
    withheld = w.withheld || jsonb_build_object(%(month)s::text, g.amount), moved_at = %(now)s,
    state = case when g.division = '00' then w.state else %(stopped)s end,
    reason = case when g.division = '00' then w.reason else g.words end,
    stop_on = case when g.division = '00' then w.stop_on else %(day)s end
from (select * from unnest(%(numbers)s::text[], %(codes)s::text[], %(amounts)s::bigint[], %(divisions)s::text[],
    %(words)s::text[]) as g(number, code, amount, division, words)) g
where w.payer_code = %(payer)s and w.tax_year = %(year)s and w.state in ('4', '5', '7', '8')
    and w.pension_number = g.number and w.pension_code = g.code and not (w.withheld ? %(month)s)
"""


def _withheld(file: PensionExchange) -> int:
    """特別徴収結果: what was taken at each payment, once; whom the payer did not withhold goes to 普通徴収."""
    rows: list[Mapping[str, Any]] = file.items["records"]
    if not rows:
        return 0
    day = date.fromisoformat(rows[0]["event_on"] or file.items["created_on"])
    values = _keys(file) | {
        "month": f"{day:%Y-%m}", "day": day, "year": year_of_payment(day), "now": clock.now(),
        "stopped": str(WithholdingState.STOPPED), "amounts": [one["amounts"][0] for one in rows],
        "divisions": [one["division"] for one in rows],
        "words": [f"{day.month}月の年金から徴収できない（{RESULTS.get(one['division'], one['division'])}）"
                  for one in rows],
    }  # fmt: skip
    with connections[USING].cursor() as cursor:
        cursor.execute(_WITHHELD, values)
        return int(cursor.rowcount)


def year_of_payment(day: date) -> int:
    """依頼の年度: October to August of the next year belong to one 依頼."""
    return day.year if day.month >= 10 else day.year - 1


def _keys(file: PensionExchange) -> dict[str, Any]:
    rows: list[Mapping[str, Any]] = file.items["records"]
    return {
        "payer": file.items["payer"],
        "numbers": [one["pension_number"] for one in rows],
        "codes": [one["pension_code"] for one in rows],
    }


_APPLY = {"00": _candidates, "02": _results_of_request, "22": _withheld, "42": _results_of_stop}


def waiting_file(
    content_code: str, tax_year: int, payer: str, records: Sequence[Mapping[str, Any]], context: AccessContext
) -> PensionExchange:
    """送信待ちのファイル of one payer, in the surrounding transaction."""
    if not records:
        raise InputError("送る明細がありません", field="records", code="missing_field")
    now, serial = clock.now(), PensionExchange.objects.filter(way=ExchangeWay.OUT).count() + 1
    name = f"KW{now:%Y%m%d}-{content_code}-{payer}-{serial:05}.dat"
    items = {"file_name": name, "payer": payer, "created_on": clock.today().isoformat(), "records": list(records)}
    return PensionExchange.objects.create(
        way=ExchangeWay.OUT, number=f"KW{content_code}-{now:%Y%m%d%H%M%S}-{serial:06}", content_code=content_code,
        tax_year=tax_year, file_name=name, records=len(records), items=items, made_at=now,
        made_by=context.staff_number,
    )  # fmt: skip
