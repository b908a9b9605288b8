"""庁内連携・宛名の作例 (S3 to S5): numbers, likeness and conflicts, one by one.

The others stand beside what they are about: Q1 to Q4, Q12 and Q16 with the API, Q5 with the records, Q6 to Q8 with the
merging, Q13 with the snapshots, Q14 with the calendar, Q15 with the linkage files.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kokunen.kernel.numbers import AtenaNumber, CorporateNumber, IndividualNumber

NAME, KANA, BIRTH = "渡邉　花子", "ワタナベ　ハナコ", date(1985, 7, 14)
HOME, ELSEWHERE = "埼玉県戸田市見本町一丁目２番３号", "千葉県柏市見本町４番"


@pytest.mark.function("S5-2")
@pytest.mark.parametrize(
    ("kind", "body", "number"),
    [
        (AtenaNumber, "00000900000001", "000009000000016"),
        (AtenaNumber, "00000900000002", "000009000000024"),
        (AtenaNumber, "00000000000007", "000000000000078"),
        (AtenaNumber, "00000000123456", "000000001234560"),
        (AtenaNumber, "99999999999999", "999999999999998"),
        (CorporateNumber, "021001000001", "3021001000001"),
        (IndividualNumber, "55501234567", "555012345676"),
        (IndividualNumber, "66609876543", "666098765431"),
        (IndividualNumber, "27182818284", "271828182840"),
        (CorporateNumber, "123456789012", "7123456789012"),
    ],
    ids=[f"P{n}" for n in range(1, 11)],
)
def test_検査数字(kind: Any, body: str, number: str) -> None:
    assert kind.complete(body).value == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10) if kind is not CorporateNumber else "9" + number[1:]
    assert kind.judge(number).valid
    assert not kind.judge(wrong).valid


def likeness(second: dict[str, Any]) -> float:
    """Probability that a resident and a record outside the register are one person, in a city of these two."""
    from kokunen.nonresident_registry.matching import model, pairs

    first = {"name": NAME, "kana": KANA, "birth": BIRTH, "sex": "2", "address": HOME}
    rows = [_row("000000000000078", first, outside=False), _row("000009000000016", {**first, **second}, outside=True)]
    known = pairs.people(pl.DataFrame(rows))
    judged = model.judge(known, pairs.candidates(known)).pairs
    return float(judged["probability"][0]) if judged.height else 0.0


def _row(number: str, facts: dict[str, Any], *, outside: bool) -> dict[str, Any]:
    from kokunen.kernel.names import search_key, variant_key

    return {
        "atena_number": number, "outside": outside, "name": facts["name"], "name_kana": facts["kana"],
        "former_kana": "", "birth_date": facts["birth"], "sex": facts["sex"], "name_key": variant_key(facts["name"]),
        "kana_key": search_key(facts["kana"]), "number_token": "", "address": facts["address"], "previous_address": "",
    }  # fmt: skip


@pytest.mark.function("S5-5")
@pytest.mark.parametrize(
    ("other", "shown"),
    [
        ({"name": "渡辺　花子"}, True),
        ({"name": "渡辺　花子", "address": ELSEWHERE}, True),
        ({"name": "渡辺　花子", "address": ELSEWHERE, "birth": date(1985, 4, 17)}, False),
        ({"name": "渡邉　桃子", "kana": "ワタナベ　モモコ"}, False),
    ],
    ids=["Q9_異体字", "Q9_別の市", "Q9_生年月日も違う", "Q10_双子"],
)
def test_同一人らしさ(other: dict[str, Any], shown: bool) -> None:
    from kokunen.nonresident_registry.services.matching import REVIEW_LINE

    assert (likeness(other) >= REVIEW_LINE) is shown


@pytest.mark.function("S5-5")
def test_以前の住所が同じなら_氏が変わっていても候補になり_家族はならない() -> None:
    from kokunen.nonresident_registry.matching import model, pairs
    from kokunen.nonresident_registry.services.matching import REVIEW_LINE

    resident = {"name": NAME, "kana": KANA, "birth": BIRTH, "sex": "2", "address": "埼玉県川口市青木二丁目１番１号"}
    before = {**resident, "name": "高山　花子", "kana": "タカヤマ　ハナコ", "address": "千葉県柏市見本町4番"}
    sister = {**before, "name": "高山　桃子", "kana": "タカヤマ　モモコ"}
    rows = [
        {**_row("000000000000078", resident, outside=False), "previous_address": ELSEWHERE},
        _row("000009000000016", before, outside=True),
        _row("000009000000024", sister, outside=True),
    ]
    known = pairs.people(pl.DataFrame(rows))
    judged = model.judge(known, pairs.candidates(known)).pairs
    above = judged.filter(pl.col("probability") >= REVIEW_LINE)
    assert above.select("left", "right", "level_住所").rows() == [(0, 1, 0)]


@pytest.mark.function("S5-2")
@pytest.mark.usefixtures("city_database")
def test_Q11_同じ番号で生年月日が違えば断り_紐付けない(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.nonresident_registry.factories import publish_resident, registered

    from kokunen.kernel.errors import KokunenError
    from kokunen.ledger.access import AccessContext
    from kokunen.nonresident_registry.models import NumberBinding
    from kokunen.nonresident_registry.services.numbers import register_number

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    officer = AccessContext("atena1", "1020", "number_management", "試験")
    publish_resident("000000000000078", birth_date=date(1970, 1, 1))
    other = registered(officer, birth_date=date(1971, 1, 1))
    register_number(context=officer, atena_number="000000000000078", number="555012345676", number_kind="1")
    for same_person in (False, True):
        with pytest.raises(KokunenError) as refused:
            register_number(
                context=officer, atena_number=other, number="555012345676", number_kind="1", same_person=same_person
            )
        assert "555012345676" not in refused.value.message
    assert set(NumberBinding.objects.values_list("atena_number", flat=True)) == {"000000000000078"}
