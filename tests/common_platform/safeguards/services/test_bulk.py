"""大量出力: without, expired, used, self-approved, altered, forged, or cut into small ones: each is refused."""

from __future__ import annotations

import pytest
from tests.common_platform.safeguards.conftest import officer

from kokunen.kernel.errors import Conflict, KokunenError, NotAllowed

pytestmark = pytest.mark.control("CTL-060")
QUERY = {"state": "10", "office": "2010"}
LIST = "未完了の受付"


def _approved(first, second, people: int = 500, until: str = "2026-11-27"):
    from kokunen.common_platform.safeguards import seals
    from kokunen.common_platform.safeguards.services import bulk
    from kokunen.common_platform.safeguards.services.register import act

    entry = bulk.request(LIST, QUERY, people, reason="引継ぎ", context=first)
    act(entry.number, "approve", content={"until": until}, context=second)
    return entry.number, seals.code_of(entry.number, entry.content["fingerprint"])


def test_承認があれば頼んだとおりに一回だけ出力できる(city_database, first, second, admin_connection) -> None:
    from kokunen.common_platform.safeguards.services import bulk

    number, code = _approved(first, second)
    bulk.admit(LIST, QUERY, 500, context=first, approval=number, code=code)
    with pytest.raises(NotAllowed, match="使用済"):
        bulk.admit(LIST, QUERY, 500, context=first, approval=number, code=code)
    rows = admin_connection.execute("select people, approval from common_platform.bulk_output").fetchall()
    assert rows == [(500, number)]


def test_承認なし_期限切れ_本人承認_条件や人数や符号の違いは断る(city_database, first, second, monkeypatch) -> None:
    from kokunen.common_platform.safeguards.services import bulk
    from kokunen.common_platform.safeguards.services.register import act

    entry = bulk.request(LIST, QUERY, 500, reason="引継ぎ", context=first)
    with pytest.raises(NotAllowed, match="同じ職員"):
        act(entry.number, "approve", content={"until": "2026-11-27"}, context=first)
    number, code = _approved(first, second)
    attempts = [
        (QUERY, 500, first, {}, "承認が要ります"),
        (QUERY, 500, first, {"approval": entry.number, "code": code}, "使えません"),
        (QUERY, 500, first, {"approval": number, "code": "0" * 10}, "符号が違います"),
        (QUERY, 501, first, {"approval": number, "code": code}, "違います"),
        ({**QUERY, "state": "20"}, 500, first, {"approval": number, "code": code}, "違います"),
        (QUERY, 500, officer("nenkin2"), {"approval": number, "code": code}, "依頼した職員だけ"),
    ]
    for query, people, who, more, words in attempts:
        with pytest.raises(NotAllowed, match=words):
            bulk.admit(LIST, query, people, context=who, **more)
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-28")
    with pytest.raises(NotAllowed, match="期限"):
        bulk.admit(LIST, QUERY, 500, context=first, approval=number, code=code)


def test_小さく分けた出力は合計で気付かれ記録に残る(city_database, first, admin_connection) -> None:
    from kokunen.common_platform.safeguards.services import bulk

    for _ in range(3):
        bulk.admit(LIST, QUERY, 100, context=first)
    with pytest.raises(NotAllowed, match="合わせて350人"):
        bulk.admit("別の一覧", {"page": 4}, 50, context=first)
    bulk.admit(LIST, QUERY, 50, context=officer("nenkin2"))  # another officer has a limit of his own
    reason = admin_connection.execute("select detail->>'reason' from ledger.entry where act = 'refuse'").fetchone()
    assert "合わせて350人" in reason[0]


def test_小さな書類に分けても一日の合計で断られ承認があれば出る(city_database, first, monkeypatch) -> None:
    from django.db import DatabaseError, transaction

    from kokunen.common_platform.safeguards import seals
    from kokunen.common_platform.safeguards.models import Output, PapersOfDay
    from kokunen.common_platform.safeguards.services import bulk
    from kokunen.common_platform.safeguards.services.register import act

    for household in range(30):
        bulk.admit("受付票", {"household": household}, 10, context=first, paper=True)
    one = {"household": 99}
    with pytest.raises(NotAllowed, match="今日の書類の出力が合わせて301人"):
        bulk.admit("受付票", one, 1, context=first, paper=True)
    bulk.admit(LIST, QUERY, 100, context=first)  # lists have a limit of their own
    bulk.admit("受付票", one, 1, context=officer("nenkin2"), paper=True)
    entry = bulk.request("受付票", one, 1, reason="窓口が続いた", context=first)
    act(entry.number, "approve", content={"until": "2026-11-27"}, context=officer("nenkin9"))
    code = seals.code_of(entry.number, entry.content["fingerprint"])
    bulk.admit("受付票", one, 1, context=first, approval=entry.number, code=code, paper=True)
    assert Output.objects.filter(is_paper=True, staff_number="nenkin1").count() == 31
    with pytest.raises(DatabaseError, match="減らせません"), transaction.atomic():
        PapersOfDay.objects.update(people=0)
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-25")
    with pytest.raises(NotAllowed, match="301人"):
        bulk.admit("受付票", one, 301, context=first, paper=True)  # the first of the day too
    bulk.admit("受付票", one, 10, context=first, paper=True)  # tomorrow is another day


def test_所有者が書き込んだ承認では出力できない(city_database, first, admin_connection) -> None:
    from kokunen.common_platform.safeguards import seals
    from kokunen.common_platform.safeguards.services import bulk

    entry = bulk.request(LIST, QUERY, 500, reason="引継ぎ", context=first)
    admin_connection.execute(
        "insert into common_platform.register_step (entry_id, sequence, action, content, acted_on, signed_at, "
        "signed_by, office_code, countersigns, seal) "
        "values (%s, 1, 'approve', '{\"until\": \"2026-12-31\"}', '2026-11-24', "
        "now(), 'nenkin9', '2010', 0, repeat('0', 64))",
        [entry.pk],
    )
    code = seals.code_of(entry.number, entry.content["fingerprint"])
    with pytest.raises(Conflict, match="署名したときと違います"):
        bulk.admit(LIST, QUERY, 500, context=first, approval=entry.number, code=code)


@pytest.mark.control("CTL-119")
def test_持ち出したファイルは市の鍵でだけ期間のうち開く(city_database, first, admin_connection) -> None:
    from kokunen.common_platform.safeguards.services import envelopes

    content = "氏名,カナ\n山田 花,ヤマダ ハナ\n".encode()
    envelope = envelopes.close(content, "list.csv", context=first)
    assert "ヤマダ".encode() not in envelope and len(envelope) > len(content)
    assert envelopes.open_file(envelope, context=first) == ("list.csv", content)
    opened = admin_connection.execute("select count(*) from ledger.entry where dataset = '持ち出したファイルの開封'")
    assert opened.fetchone() == (1,)
    with pytest.raises(KokunenError, match="書き換え"):
        envelopes.open_file(envelope[:-1] + bytes([envelope[-1] ^ 1]), context=first)
    admin_connection.execute("update common_platform.output_file_key set expires_at = now() - interval '1 second'")
    with pytest.raises(NotAllowed, match="終わりました"):
        envelopes.open_file(envelope, context=first)
    assert envelopes.forget_expired() == 1
    with pytest.raises(NotAllowed):
        envelopes.open_file(envelope, context=first)
