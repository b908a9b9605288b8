"""全市の名寄せ (S5-5): found with reasons, decided pairs stay decided, measured against the generator's truth."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from benchmarks._matching import city_rows, score
from tests.nonresident_registry.factories import publish_resident, registered

from kokunen.ledger.access import AccessContext
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.matching import model, pairs
from kokunen.nonresident_registry.models import MergeProposal
from kokunen.nonresident_registry.services import merging
from kokunen.nonresident_registry.services.matching import REVIEW_LINE, propose

pytestmark = pytest.mark.function("S5-5")

SAME = {"name": "渡辺　花子", "name_kana": "ワタナベ　ハナコ", "birth_date": date(1985, 7, 14)}


def test_仕込まれた二重登録を正解と比べる() -> None:
    rows, truth = city_rows(20_000)
    known = pairs.people(rows)
    judged = model.judge(known, pairs.candidates(known))
    precision, recall, _ = score(known, judged.pairs, truth, REVIEW_LINE)
    assert precision >= 0.98
    assert recall >= 0.8
    bits = judged.pairs.select(pl.sum_horizontal(f"bits_{name}" for name in model.LEVELS)).to_series()
    assert (judged.pairs["weight"] - bits).std() < 1e-6  # the items and one prior make the sum


def test_異体字の同一人が根拠とともに候補になり_双子は出ない(officer: AccessContext, resident: Any) -> None:
    number = registered(officer, **SAME)
    publish_resident("000000000000086", name="青木　一郎", name_kana="アオキ　イチロウ", sex="1")
    registered(officer, name="青木　二郎", name_kana="アオキ　ジロウ", sex="1", birth_date=date(1985, 7, 14))
    assert propose() == 1
    (line,), _ = queries.find_proposals(context=officer)
    assert {line.proposal.first, line.proposal.second} == {"000000000000078", number}
    said = {feature["item"]: feature["level"] for feature in line.proposal.features}
    assert said["氏名"] == "氏名が同じ（異体字を含む）"
    assert said["生年月日"] == "生年月日が同じ"
    assert line.proposal.probability >= REVIEW_LINE


def test_もう一度動かしても増えず_別人と判断した組は戻らない(officer: AccessContext, resident: Any) -> None:
    registered(officer, **SAME)
    assert (propose(), propose()) == (1, 1)
    (line,), _ = queries.find_proposals(context=officer)
    merging.decide_different(context=officer, proposal_id=line.proposal.pk, words="本人に確認した")
    assert propose() == 0
    assert MergeProposal.objects.count() == 1


def test_世代を使えば_やり直しても同じ市を比べる(officer: AccessContext, resident: Any) -> None:
    from kokunen.common_platform.batch_master.models import GenerationUse
    from kokunen.common_platform.jobs import daily_snapshot

    number = registered(officer, **SAME)
    assert propose(run="2026-11-24") == 1  # no generation yet: the published rows
    assert daily_snapshot() == daily_snapshot() == 1
    publish_resident("000000000000078", kind="update", name="全く　別人", name_kana="マッタク　ベツジン", sex="1")
    assert propose(run="2026-11-24") == 1
    assert GenerationUse.objects.get(batch="全市の名寄せ").generation_id == 1
    assert {p.second for p in MergeProposal.objects.filter(state="1")} == {number}
    assert propose() == 0


def test_違う番号をもつ二人は同じ名前でも候補にならない(officer: AccessContext, resident: Any) -> None:
    from kokunen.nonresident_registry.services.numbers import register_number

    number = registered(officer, **SAME)
    for atena, digits in (("000000000000078", "555012345676"), (number, "666098765431")):
        register_number(context=officer, atena_number=atena, number=digits, number_kind="1")
    assert propose() == 0


def test_台帳に全市の処理が残る(officer: AccessContext, resident: Any, admin_connection: Any) -> None:
    registered(officer, **SAME)
    propose()
    entry = admin_connection.execute(
        "select act, subject_count, detail->>'proposed' from ledger.entry where dataset = '全市の名寄せ'"
    ).fetchone()
    assert entry == ("system", 2, "1")
