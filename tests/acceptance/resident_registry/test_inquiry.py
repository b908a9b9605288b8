"""S2-4 照会: by any item, variants and kana, past names, and as known on a day; protected people are guarded."""

from __future__ import annotations

from datetime import date

import pytest
from tests.resident_registry.desks import Desk, Entries
from tests.resident_registry.factories import counter, family, newcomer, now

from kokunen.resident_registry import services
from kokunen.resident_registry.choices import SupportKind, SupportReason

pytestmark = [pytest.mark.function("S2-4")]


@pytest.fixture
def watanabe(sign_in: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    return family(newcomer("渡邉　健", "ワタナベ　ケン", "1990-01-01", "1", "世帯主"))[0]


@pytest.mark.parametrize("text", ["渡辺", "ワタナベ", "わたなへ", "H2.1.1", "19900101", "渡邊　健"])
def test_漢字の異体字_カナ_生年月日で見つかる(sign_in: Desk, watanabe: str, text: str) -> None:
    asked = {"q": text, "purpose": "resident_inquiry"}
    answer = sign_in("shimin1").get("/residents/", asked, HTTP_HX_REQUEST="true")
    assert "渡邉　健" in answer.content.decode()


def test_番号では一人が開き_検索の鍵は台帳に下2桁だけ残る(sign_in: Desk, watanabe: str, ledger: Entries) -> None:
    client = sign_in("shimin1")
    for number in (watanabe, now(watanabe).household_number):
        answer = client.post("/residents/", {"q": number, "purpose": "resident_inquiry"})
        assert answer.status_code == 302 and answer.url == f"/residents/{watanabe}"
    assert watanabe not in str(ledger("search")[-1]["detail"]["key"])


@pytest.mark.control("CTL-060")
def test_支援措置の人は_権限のない職員には要確認だけが出て_証明書もない(sign_in: Desk, watanabe: str) -> None:
    services.begin_support(
        context=counter("support_measure"),
        request=services.SupportRequest(
            watanabe, [], SupportKind.FULL, SupportReason.STALKING, date(2026, 4, 1), date(2026, 4, 1)
        ),
    )
    client = sign_in("shimin1")
    for path in (f"/residents/{watanabe}", f"/residents/{watanabe}/household"):
        text = client.get(path, {"purpose": "resident_inquiry"}).content.decode()
        assert "要確認" in text and "青木二丁目" not in text and 'data-tone="bad"' not in text
    assert "支援措置" in sign_in("shimin9").get(f"/residents/{watanabe}").content.decode()


def test_S4_支援措置は1年で_1か月前から延長できる(
    sign_in: Desk, watanabe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.kernel.errors import InputError
    from kokunen.resident_registry.models import SupportMeasure

    begin = services.SupportRequest(
        watanabe, [], SupportKind.FULL, SupportReason.STALKING, date(2026, 4, 1), date(2026, 4, 1)
    )
    services.begin_support(context=counter("support_measure"), request=begin)
    assert SupportMeasure.objects.current().get().ends_on == date(2027, 3, 31)
    monkeypatch.setenv("KOKUNEN_TODAY", "2027-02-27")
    with pytest.raises(InputError, match="1か月前"):
        services.extend_support(context=counter("support_measure"), applicant=watanabe)
    monkeypatch.setenv("KOKUNEN_TODAY", "2027-02-28")
    assert services.extend_support(context=counter("support_measure"), applicant=watanabe) == date(2028, 3, 31)
