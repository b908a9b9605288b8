"""個人番号・法人番号の登録と真正性確認 (S5-2, S5-3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.nonresident_registry.factories import corporation, registered

from kokunen.common_platform.integration.datasets import datasets
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.models import NumberBinding
from kokunen.nonresident_registry.services import numbers
from kokunen.nonresident_registry.services.authenticity import BasicItems, check_authenticity, compare
from kokunen.nonresident_registry.vault import NumberVault, VaultDamaged

MINE, OTHER, COMPANY = "555012345676", "666098765431", "3021001000001"


def bind(officer: AccessContext, number: str, digits: str = MINE, kind: str = "1", **more: Any) -> NumberBinding:
    return numbers.register_number(context=officer, atena_number=number, number=digits, number_kind=kind, **more)


@pytest.mark.function("S5-2")
@pytest.mark.control("CTL-039")
def test_番号は暗号で保存され_理由を付けたときだけ見える(officer: AccessContext, admin_connection: Any) -> None:
    number = registered(officer)
    bind(officer, number)
    everything = admin_connection.execute(
        "select string_agg(b::text, '') || coalesce((select string_agg(e::text, '') from ledger.entry e), '') "
        "from nonresident_registry.number_binding b"
    ).fetchone()[0]
    assert MINE not in everything
    with pytest.raises(NotAllowed, match="理由"):
        numbers.reveal_number(context=officer, atena_number=number, number_kind="1", reason=" ")
    shown = numbers.reveal_number(context=officer, atena_number=number, number_kind="1", reason="課税の照会回答")
    assert shown == MINE
    entries = admin_connection.execute(
        "select act, items, detail->>'reason' from ledger.entry where dataset = '番号紐付情報' order by entry_id"
    ).fetchall()
    assert ("view", ["個人番号"], "課税の照会回答") in entries
    assert "refuse" in [entry[0] for entry in entries]


@pytest.mark.function("S5-2")
@pytest.mark.control("CTL-039")
def test_番号利用事務でない目的では_登録も表示も断られ台帳に残る(officer: AccessContext, refusals: Any) -> None:
    number = registered(officer)
    bind(officer, number)
    curious = AccessContext("kansa1", "1010", "audit", "試験")
    with pytest.raises(NotAllowed, match="利用目的"):
        numbers.reveal_number(context=curious, atena_number=number, number_kind="1", reason="点検のため")
    with pytest.raises(NotAllowed, match="利用目的"):
        bind(curious, number, OTHER)
    assert refusals() == [("purpose", [number])] * 2


@pytest.mark.function("S5-2")
def test_検査用数字の誤り_二重の紐付_種類違いを断る(officer: AccessContext, refusals: Any) -> None:
    first, company = registered(officer), corporation(officer)
    second = registered(officer, name="別人　次郎", name_kana="ベツジン　ジロウ", birth_date=date(1970, 1, 1))
    with pytest.raises(InputError, match="検査用数字") as wrong:
        bind(officer, first, "555012345677")
    assert "555012345677" not in str(wrong.value)
    bind(officer, first)
    with pytest.raises(Conflict, match="すでにこの宛名番号"):
        bind(officer, first)
    with pytest.raises(Conflict, match="別の番号"):
        bind(officer, first, OTHER)
    with pytest.raises(Conflict, match="生年月日の違う人") as conflict:
        bind(officer, second, same_person=True)
    assert conflict.value.code == "number_conflict"
    with pytest.raises(InputError, match="法人に個人番号"):
        bind(officer, company, OTHER)
    with pytest.raises(InputError, match="ありません"):
        bind(officer, "000009000000990", OTHER)
    codes = ["check_digit", "double_binding", "double_binding", "number_conflict", "inconsistent", "not_found"]
    assert [code for code, _ in refusals()] == codes


@pytest.mark.function("S5-2")
def test_ほかの宛名にある番号は_同一人と言ったときだけ紐付き_名寄せ候補になる(officer: AccessContext) -> None:
    first, second = registered(officer), registered(officer, town="別の町")
    bind(officer, first)
    with pytest.raises(Conflict, match="ほかの宛名番号"):
        bind(officer, second)
    assert bind(officer, second, same_person=True).twice
    lines, _ = queries.find_proposals(context=officer)
    assert [(line.proposal.first, line.proposal.second) for line in lines] == [(first, second)]


@pytest.mark.function("S5-2")
def test_番号の変更は前の紐付を履歴に残し_確認のやり直しを求める(officer: AccessContext) -> None:
    number = registered(officer)
    bind(officer, number)
    numbers.change_number(context=officer, atena_number=number, number=OTHER, number_kind="1")
    rows = NumberBinding.objects.filter(atena_number=number).order_by("id")
    assert [row.recorded_period.upper is None for row in rows] == [False, True]
    assert numbers.reveal_number(context=officer, atena_number=number, number_kind="1", reason="変更の確認") == OTHER


@pytest.mark.function("S5-3")
@pytest.mark.control("CTL-023")
def test_確認で一致した番号だけが符号として公開される(officer: AccessContext, admin_connection: Any) -> None:
    number = registered(officer)
    bind(officer, number)
    published = "select number_token, is_current from integrated.number_binding where atena_number = %s"
    assert admin_connection.execute(published, [number]).fetchone() is None
    card = BasicItems("見本　七海", "ミホン　ナナミ", date(1991, 11, 5), "2", "埼玉県戸田市見本町１－２－３")
    check = check_authenticity(context=officer, atena_number=number, number_kind="1", means="1", obtained=card)
    assert (check.result, check.means, check.compared["住所"]) == ("1", "1", "一致")
    token, current = admin_connection.execute(published, [number]).fetchone()
    assert current
    assert MINE not in token
    wrong = BasicItems("他人　一郎", "タニン　イチロウ", date(1991, 11, 5), "1", card.address)
    check_authenticity(context=officer, atena_number=number, number_kind="1", means="5", obtained=wrong)
    assert admin_connection.execute(published, [number]).fetchone()[1] is False
    columns = {column.name for column in datasets()["number_binding"].columns}
    assert columns == {"number_kind", "number_token", "is_current"}


@pytest.mark.function("S5-3")
def test_住民は住民記録の4情報と突き合わせる(officer: AccessContext, resident: Any) -> None:
    bind(officer, "000000000000078")
    check = check_authenticity(context=officer, atena_number="000000000000078", number_kind="1", means="4")
    assert check.result == "1"
    stranger = registered(officer)
    bind(officer, stranger, OTHER)
    assert check_authenticity(context=officer, atena_number=stranger, number_kind="1", means="4").result == "5"


HELD = BasicItems("渡邉　花子", "ワタナベ　ハナコ", date(1985, 7, 14), "2", "埼玉県川口市朝日１－１－１")


@pytest.mark.function("S5-3")
@pytest.mark.parametrize(
    ("obtained", "result"),
    [
        (HELD, "1"),
        (BasicItems("渡辺　花子", "ワタナベ　ハナコ", date(1985, 7, 14), "2", HELD.address), "2"),
        (BasicItems(HELD.name, HELD.name_kana, HELD.birth_date, "2", "東京都北区赤羽１－１"), "3"),
        (BasicItems(HELD.name, HELD.name_kana, date(1985, 4, 17), "2", HELD.address), "4"),
        (BasicItems(HELD.name, HELD.name_kana, HELD.birth_date, "1", HELD.address), "4"),
    ],
)
def test_4情報の突合の結果(obtained: BasicItems, result: str) -> None:
    assert compare(HELD, obtained)[0] == result


@pytest.mark.function("S5-2")
def test_封は宛名と種類に結び付き_鍵が違えば索引も開封もできない() -> None:
    vault, other = NumberVault("secret-1"), NumberVault("secret-2")
    cipher = vault.seal("1", "000009000000016", MINE)
    assert vault.open("1", "000009000000016", cipher) == MINE
    for wrong in (("1", "000009000000024"), ("2", "000009000000016")):
        with pytest.raises(VaultDamaged):
            vault.open(*wrong, cipher)
    with pytest.raises(VaultDamaged):
        other.open("1", "000009000000016", cipher)
    assert len({vault.index("1", MINE), vault.token("1", MINE), other.index("1", MINE), vault.index("2", MINE)}) == 4


@pytest.mark.function("S5-4")
def test_番号の照会は_個人番号_法人番号_宛名番号で引ける(officer: AccessContext, admin_connection: Any) -> None:
    person, company = registered(officer), corporation(officer)
    bind(officer, person)
    bind(officer, company, COMPANY, "2", source="4")
    assert [s.atena_number for s in queries.find_by_number(context=officer, text="5550 1234 5676")] == [person]
    assert [s.atena_number for s in queries.find_by_number(context=officer, text=COMPANY)] == [company]
    tree = queries.get_number_tree(context=officer, atena_number=company)
    assert [(line.kind_ja, line.verification_ja) for line in tree.bindings] == [("法人番号", "未確認")]
    with pytest.raises(KokunenError):
        queries.find_by_number(context=officer, text="123456789012")
    digits = admin_connection.execute("select count(*) from ledger.entry e where e::text like %s", [f"%{MINE}%"])
    assert digits.fetchone()[0] == 0
