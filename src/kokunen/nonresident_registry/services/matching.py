"""全市の名寄せ (S5-5): brings the columns of the city to `matching`, stores what lies above the review line.

The whole city at once, by night or when an officer asks. A pair that was decided is not proposed again; one that still
waits gets its new weights. What is not found any more is withdrawn.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import polars as pl
from django.db import connections, transaction

from kokunen.common_platform.batch_master.readers import Snapshot, latest_generation, open_snapshot
from kokunen.common_platform.codes.towns import MUNICIPALITY
from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record
from kokunen.nonresident_registry.choices import AtenaKind, ProposalState
from kokunen.nonresident_registry.matching import model, pairs
from kokunen.nonresident_registry.models import ALIAS, MergeProposal

log = logging.getLogger("kokunen.nonresident_registry.matching")

REVIEW_LINE = 0.9
"""A pair at least so likely is shown to an officer."""

_RECORDS = """
select v.atena_number, true as outside, v.name, v.name_kana, '' as former_kana, v.birth_date, v.sex,
       coalesce(s.name_key, '') as name_key, coalesce(s.kana_key, '') as kana_key,
       coalesce(b.number_token, '') as number_token,
       v.country || v.foreign_address || v.prefecture || v.municipality || v.town || v.lot as address,
       coalesce(p.address, '') as previous_address
from atena_version v
left join lateral (
    select o.country || o.foreign_address || o.prefecture || o.municipality || o.town || o.lot as address
    from atena_version o
    where o.atena_number = v.atena_number and upper_inf(o.recorded_period) and not upper_inf(o.valid_period)
      and (o.country, o.foreign_address, o.prefecture, o.municipality, o.town, o.lot)
          is distinct from (v.country, v.foreign_address, v.prefecture, v.municipality, v.town, v.lot)
    order by o.valid_period desc limit 1) p on true
left join search_name s on s.atena_number = v.atena_number and s.kind = '1' and not s.is_past
left join number_binding b on b.atena_number = v.atena_number and b.number_kind = '1'
     and upper_inf(b.valid_period) and upper_inf(b.recorded_period)
where upper_inf(v.valid_period) and upper_inf(v.recorded_period) and v.kind = '1' and v.status in ('1', '2')
"""
_RESIDENTS = """
select r.atena_number, false as outside, r.name, r.name_kana, coalesce(r.former_surname_kana, '') as former_kana,
       r.birth_date, r.sex, r.name_key, r.kana_key, coalesce(b.number_token, '') as number_token,
       %s || r.address as address, coalesce(r.previous_address, '') as previous_address
from integrated.nonresident_registry__resident r
left join number_binding b on b.atena_number = r.atena_number and b.number_kind = '1'
     and upper_inf(b.valid_period) and upper_inf(b.recorded_period)
where not exists (select 1 from atena_version v where v.atena_number = r.atena_number
                  and upper_inf(v.valid_period) and upper_inf(v.recorded_period) and v.status in ('1', '2'))
"""
_LIVE = """
select atena_number from atena_version
where upper_inf(valid_period) and upper_inf(recorded_period) and status in ('1', '2')
"""
_NUMBERS = """
select atena_number, number_token from number_binding
where number_kind = '1' and upper_inf(valid_period) and upper_inf(recorded_period)
"""
_BATCH = "全市の名寄せ"
_SHAPE = {
    "atena_number": pl.String, "outside": pl.Boolean, "name": pl.String, "name_kana": pl.String,
    "former_kana": pl.String, "birth_date": pl.Date, "sex": pl.String, "name_key": pl.String, "kana_key": pl.String,
    "number_token": pl.String, "address": pl.String, "previous_address": pl.String,
}  # fmt: skip


def propose(context: AccessContext | None = None, run: str = "") -> int:
    """名寄せ候補を作る: returns how many pairs wait for a decision afterwards.

    With `run` the residents come from the batch master (the generation that this run has used before, else the latest),
    so that a rerun compares the same city; without one, and while there is no generation, from the published rows.
    """
    acting = context or system_context("住登外 全市の名寄せ", "number_management")
    if run and latest_generation() is not None:
        with open_snapshot(ALIAS, batch=_BATCH, run=run, context=acting) as snapshot:
            return _propose(pairs.people(_city_of(snapshot)), acting, snapshot.name)
    return _propose(pairs.people(_city()), acting, "")


def _propose(rows: pl.DataFrame, acting: AccessContext, generation: str) -> int:
    judged = model.judge(rows, pairs.candidates(rows)).pairs
    above = judged.filter(pl.col("probability") >= REVIEW_LINE)
    found = [_proposal(rows, line) for line in above.iter_rows(named=True)]
    with transaction.atomic(using=ALIAS):
        _store(found)
        record(
            ALIAS,
            acting,
            act=Act.SYSTEM,
            dataset=_BATCH,
            count=rows.height,
            items=["氏名", "生年月日", "性別", "住所"],
            detail={"pairs": judged.height, "proposed": len(found), "generation": generation},
        )
        waiting = MergeProposal.objects.filter(state=ProposalState.WAITING).count()
    log.info("matching: %s records, %s pairs, %s proposed", rows.height, judged.height, len(found))
    return waiting


def _city() -> pl.DataFrame:
    """全市の記録: records outside the register, and everybody the register knows who is no record here."""
    return _read(_RECORDS, _SHAPE).vstack(_read(_RESIDENTS, _SHAPE, MUNICIPALITY))


def _city_of(snapshot: Snapshot) -> pl.DataFrame:
    """全市の記録 with the residents of a generation; records and numbers are this office's own."""
    names = ("atena_number", "name", "name_kana", "former_surname_kana", "birth_date", "sex", "name_key", "kana_key",
             "address", "previous_address")  # fmt: skip
    live = _read(_LIVE, {"atena_number": pl.String})
    numbers = _read(_NUMBERS, {"atena_number": pl.String, "number_token": pl.String})
    residents = (
        snapshot.scan("resident", *names)
        .collect()
        .join(live, on="atena_number", how="anti")
        .join(numbers, on="atena_number", how="left")
        .with_columns(
            outside=pl.lit(False),
            former_kana=pl.col("former_surname_kana").fill_null(""),
            number_token=pl.col("number_token").fill_null(""),
            address=pl.lit(MUNICIPALITY) + pl.col("address"),
            previous_address=pl.col("previous_address").fill_null(""),
        )
    )
    return _read(_RECORDS, _SHAPE).vstack(residents.select(list(_SHAPE)))


def _read(statement: str, shape: Mapping[str, pl.DataType | type[pl.DataType]], *given: str) -> pl.DataFrame:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(statement, given or None)
        return pl.DataFrame(cursor.fetchall(), schema=dict(shape), orient="row")


def _proposal(rows: pl.DataFrame, line: dict[str, object]) -> MergeProposal:
    numbers = rows["atena_number"]
    first, second = sorted((str(numbers[int(str(line["left"]))]), str(numbers[int(str(line["right"]))])))
    features = [
        {
            "item": name,
            "level": words[int(str(line[f"level_{name}"]))],
            "bits": round(float(str(line[f"bits_{name}"])), 2),
        }
        for name, words in model.LEVELS.items()
    ]
    known = sum(float(str(line[f"bits_{name}"])) for name in model.LEVELS)
    before = float(str(line["weight"])) - known
    features.append(
        {"item": "前もっての見込み", "level": "任意の二つの記録が同一人である割合", "bits": round(before, 2)}
    )
    return MergeProposal(
        first=first,
        second=second,
        kind=AtenaKind.INDIVIDUAL,
        probability=float(str(line["probability"])),
        weight=float(str(line["weight"])),
        features=features,
        found_at=clock.now(),
    )


def _store(found: list[MergeProposal]) -> None:
    decided = set(
        MergeProposal.objects.exclude(state__in=(ProposalState.WAITING, ProposalState.WITHDRAWN)).values_list(
            "first", "second"
        )
    )
    MergeProposal.objects.filter(state=ProposalState.WAITING, links__isnull=True).exclude(
        features__contains=[{"level": "同じ番号が紐付いている"}]
    ).update(state=ProposalState.WITHDRAWN)
    MergeProposal.objects.bulk_create(
        [proposal for proposal in found if (proposal.first, proposal.second) not in decided],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["probability", "weight", "features", "found_at", "state"],
        batch_size=1000,
    )
