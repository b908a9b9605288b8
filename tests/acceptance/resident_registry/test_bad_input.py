"""誤った入力: each refusal stands at its field in Japanese, stores nothing, keeps what was typed, is in the ledger."""

from __future__ import annotations

import re
from datetime import date

import pytest
from tests.resident_registry.desks import Desk, Entries, newcomer_fields, paper
from tests.resident_registry.factories import counter, kawaguchi_family, now

from kokunen.resident_registry import services
from kokunen.resident_registry.choices import SupportKind, SupportReason
from kokunen.resident_registry.models import ResidentEvent, ResidentVersion

pytestmark = [pytest.mark.function("S2-1"), pytest.mark.function("S2-2"), pytest.mark.function("S2-3")]


def refused_at(
    sign_in: Desk, entries: Entries, path: str, typed: dict[str, object], field: str, words: str
) -> dict[str, object]:
    """断られた: at that field, with those words; nothing stored; gives the ledger's entry of the refusal."""
    events, rows, refusals = ResidentEvent.objects.count(), ResidentVersion.objects.count(), len(entries("refuse"))
    answer = sign_in("shimin1").post(path, typed)
    text = answer.content.decode()
    found = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</ul>', text, re.S)
    assert answer.status_code == 422 and found and words in found[1], found and found[1]
    assert (ResidentEvent.objects.count(), ResidentVersion.objects.count()) == (events, rows)
    (entry,) = entries("refuse")[refusals:]
    assert (entry["staff"], entry["purpose"]) == ("shimin1", "resident_notice")
    return entry


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("event_on", "R1.4.30", "平成31年4月30日"),
        ("event_on", "R8.2.30", "2月"),
        ("event_on", "R8.11.25", "今日までの日を入力してください"),
        ("p-0-resident_code", "12345678904", "検査"),
        ("p-0-returning", "000000000000018", "検査"),
        ("household_number", "000000000000018", "検査"),
        ("p-0-birth", "R8.11.25", "今日"),
        ("p-0-name", "", "入力"),
    ],
    ids=[
        "元号の初め",
        "ない日",
        "先の日",
        "住民票コードの検査数字",
        "宛名番号の検査数字",
        "世帯番号の検査数字",
        "先の誕生日",
        "氏名なし",
    ],
)
def test_転入届の誤り(sign_in: Desk, ledger: Entries, field: str, value: str, words: str) -> None:
    kawaguchi_family()
    typed = {**paper(kind="101", address="青木2-1-1", previous_address="東京都北区"), **newcomer_fields(), field: value}
    entry = refused_at(sign_in, ledger, "/residents/move-in", typed, field, words)
    assert value == "" or value not in str(entry["detail"])


@pytest.mark.parametrize(
    ("part", "more", "field", "words"),
    [
        ("death", {"event_on": "R8.11.25"}, "event_on", "今日（令和8年11月24日）より後"),
        ("death", {"event_on": "S5.5.4"}, "event_on", "生年月日"),
        ("move-out", {"event_on": "R8.13.1", "destination": "東京都北区", "movers": "@"}, "event_on", "月"),
        ("relocate", {"address": "架空町1-1", "movers": "@"}, "address", "町"),
    ],
    ids=["先の死亡", "生まれる前の死亡", "ない月の転出", "ない町への転居"],
)
def test_届出の誤り(sign_in: Desk, ledger: Entries, part: str, more: dict[str, str], field: str, words: str) -> None:
    tome = kawaguchi_family()["tome"]
    typed = paper(**{name: tome if value == "@" else value for name, value in more.items()})
    entry = refused_at(sign_in, ledger, f"/residents/{tome}/{part}", typed, field, words)
    assert entry["people"] == [tome]


def test_すでに転出した人の転出は_消除の日と事由を示して断る(sign_in: Desk, ledger: Entries) -> None:
    jiro = kawaguchi_family()["jiro"]
    path, typed = f"/residents/{jiro}/move-out", paper(destination="東京都北区", movers=jiro)
    assert sign_in("shimin1").post(path, typed).status_code == 302
    version, refusals = now(jiro).version_number, len(ledger("refuse"))
    answer = sign_in("shimin1").post(path, typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "川口　次郎さんは令和8年11月20日に転出" in text and "により消除されています" in text
    assert now(jiro).version_number == version and len(ledger("refuse")) == refusals + 1


def test_2人が同じ世帯を同時に変えると後の人は変わった所を見て_拒否が残る(sign_in: Desk, ledger: Entries) -> None:
    people = kawaguchi_family()
    seen = ",".join(f"{number}:1" for number in people.values())
    path = f"/residents/{people['taro']}/relocate"
    first = {**paper(address="青木2-3-4", expected=seen), "movers": list(people.values())}
    assert sign_in("shimin1").post(path, first).status_code == 302
    second = {**paper(address="幸町3-5-12", expected=seen), "movers": list(people.values())}
    answer = sign_in("shimin2").post(path, second)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "ほかの職員がこの世帯を変更しました" in text and 'value="幸町3-5-12"' in text
    assert now(people["hanako"]).lot == "3番4号" and ledger("refuse")[-1]["staff"] == "shimin2"


@pytest.mark.control("CTL-060")
def test_支援措置の人の届出は担当では登録できず_拒否が残る(sign_in: Desk, ledger: Entries) -> None:
    people = kawaguchi_family()
    services.begin_support(
        context=counter("support_measure"),
        request=services.SupportRequest(
            people["hanako"], [], SupportKind.FULL, SupportReason.STALKING, date(2026, 4, 1), date(2026, 4, 1)
        ),
    )
    answer = sign_in("shimin1").post(f"/residents/{people['hanako']}/relocate", paper(address="幸町3-5-12"))
    assert answer.status_code == 403 and "住民記録係長に引き継いでください" in answer.content.decode()
    assert now(people["hanako"]).version_number == 1 and ledger("refuse")[-1]["people"] == [people["hanako"]]
