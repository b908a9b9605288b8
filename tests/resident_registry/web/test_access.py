"""住民記録の画面の権限: who may not open or send, what the ledger shows, and how protected people are kept."""

from __future__ import annotations

from datetime import date

import pytest
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import counter, kawaguchi_family, now

from kokunen.resident_registry import services
from kokunen.resident_registry.choices import SupportKind, SupportReason
from kokunen.resident_registry.models import CertificateIssue

NOTICES = ("move-out", "move-out-abroad", "relocate", "birth", "death", "household/change", "arrival", "resident-code")
OFFICE = ("correct", "remove", "restore", "nationality")


@pytest.fixture
def people(sign_in: Desk) -> dict[str, str]:
    return kawaguchi_family()


def protect(number: str) -> None:
    services.begin_support(
        context=counter("support_measure"),
        request=services.SupportRequest(
            number, [], SupportKind.FULL, SupportReason.DOMESTIC_VIOLENCE, date(2026, 4, 1), date(2026, 4, 1)
        ),
    )


@pytest.mark.function("S2-1")
@pytest.mark.function("S2-2")
@pytest.mark.function("S2-3")
@pytest.mark.control("CTL-050")
@pytest.mark.parametrize("number", ["nenkin1", "zei1", "kanri1"])
def test_住民記録の役割のない職員は_どの届出も開けず送れず_拒否が残る(
    sign_in: Desk, people: dict[str, str], ledger: Entries, number: str
) -> None:
    client, taro = sign_in(number), people["taro"]
    before = len(ledger("refuse"))
    paths = [f"/residents/{taro}/{part}" for part in (*NOTICES, *OFFICE, "certificate", "support", "support/lift")]
    for path in [*paths, "/residents/move-in", "/residents/ex-officio-entry", "/residents/certificates"]:
        assert client.get(path).status_code == 403, path
        assert client.post(path, paper()).status_code == 403, path
    assert len(ledger("refuse")) - before == 2 * (len(paths) + 3)
    assert now(taro).version_number == 1


@pytest.mark.function("S2-2")
@pytest.mark.parametrize("part", [*OFFICE, "support", "support/lift"])
def test_職権と支援措置は係長だけが開ける(sign_in: Desk, people: dict[str, str], part: str) -> None:
    path = f"/residents/{people['taro']}/{part}"
    assert sign_in("shimin1").get(path).status_code == 403
    assert sign_in("shimin9").get(path).status_code == 200


@pytest.mark.function("S2-1")
def test_職権記載は係長だけが開ける(sign_in: Desk) -> None:
    assert sign_in("shimin1").get("/residents/ex-officio-entry").status_code == 403
    assert sign_in("shimin9").get("/residents/ex-officio-entry").status_code == 200


@pytest.mark.function("S2-3")
def test_登録は職員と利用目的と画面とともに台帳に残る(sign_in: Desk, people: dict[str, str], ledger: Entries) -> None:
    client, tome = sign_in("shimin1"), people["tome"]
    answer = client.post(f"/residents/{tome}/death", paper())
    assert answer.status_code == 302, answer.content.decode()
    entry = ledger("register")[-1]
    assert (entry["staff"], entry["purpose"], entry["screen"]) == (
        "shimin1",
        "resident_notice",
        "resident_registry.death",
    )
    assert entry["people"] == [tome] and entry["detail"]["event"] == "211"


@pytest.mark.function("S2-4")
@pytest.mark.control("CTL-060")
@pytest.mark.parametrize("part", [*NOTICES, "certificate"])
def test_支援措置の人の届出は_担当では扱えず_理由も住所も出ない(
    sign_in: Desk, people: dict[str, str], ledger: Entries, part: str
) -> None:
    protect(people["hanako"])
    client = sign_in("shimin1")
    for answer in (
        client.get(f"/residents/{people['hanako']}/{part}"),
        client.post(f"/residents/{people['hanako']}/{part}", paper()),
    ):
        text = answer.content.decode()
        assert answer.status_code == 403 and "青木二丁目" not in text and "支援措置" not in text
    assert ledger("refuse")[-1]["people"] == [people["hanako"]]
    assert now(people["hanako"]).version_number == 1


@pytest.mark.function("S2-5")
@pytest.mark.control("CTL-060")
def test_支援措置の証明書は_係長でも一時解除がなければ理由を出さずに断り_解除中は本人にだけ出る(
    sign_in: Desk, people: dict[str, str], ledger: Entries
) -> None:
    protect(people["hanako"])
    client, path = sign_in("shimin9"), f"/residents/{people['hanako']}/certificate"
    asked = {"kind": "11", "covered": people["hanako"], "copies": "1", "request_kind": "1", "identity_check": "2"}
    refused = client.post(path, asked)
    assert refused.status_code == 422 and "この証明書は交付できません" in refused.content.decode()
    assert ledger("refuse")[-1]["detail"]["reason"] == "支援措置"
    assert client.post(f"/residents/{people['hanako']}/support/lift", {"lift_reason": "本人来庁"}).status_code == 302
    proxy = client.post(path, {**asked, "request_kind": "3", "requester_name": "川口　太郎"})
    assert proxy.status_code == 422 and "この証明書は交付できません" in proxy.content.decode()
    assert not CertificateIssue.objects.exists()
    assert client.post(path, asked).status_code == 302
    assert CertificateIssue.objects.get().lift is not None


@pytest.mark.function("S2-5")
@pytest.mark.control("CTL-060")
def test_同じ世帯の人の写しも_支援措置の人の住所を明かすので断る(sign_in: Desk, people: dict[str, str]) -> None:
    protect(people["hanako"])
    client = sign_in("shimin9")
    asked = {"kind": "11", "covered": people["taro"], "copies": "1", "request_kind": "1", "identity_check": "2"}
    assert client.post(f"/residents/{people['taro']}/certificate", asked).status_code == 422
    assert not CertificateIssue.objects.exists()


@pytest.mark.function("S2-5")
def test_交付の印刷は発行番号とともに台帳に残り_ほかの職員は刷れない(
    sign_in: Desk, people: dict[str, str], ledger: Entries
) -> None:
    client = sign_in("shimin1")
    asked = {"kind": "12", "copies": "1", "request_kind": "1", "identity_check": "2", "items": ["head"]}
    answer = client.post(f"/residents/{people['taro']}/certificate", asked)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.url)
    assert page.status_code == 200 and CertificateIssue.objects.get().issue_number in page.content.decode()
    pdf = client.get(f"{answer.url}.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    entry = ledger("print")[-1]
    assert (entry["purpose"], set(entry["people"])) == ("resident_certificate", set(people.values()))
    assert sign_in("shimin2").get(f"{answer.url}.pdf").status_code == 403
