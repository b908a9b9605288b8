"""S6-5 コンビニ交付: the centre as a process asks for tax certificates; issued, refused without a hint, logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connections
from tests.counterparts.support import PartyProcess
from tests.resident_tax.support import TaxOffice, decision

from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.function("S6-5")
DAYTIME = datetime.fromisoformat("2026-11-24T12:00:00+09:00")


@pytest.fixture
def people(city: TaxOffice, officer: AccessContext) -> dict[str, str]:
    """花子には給与、一郎には資料がない."""
    from tests.resident_registry import factories as make

    from kokunen.kernel.numbers import ResidentCode
    from kokunen.resident_registry.services.numbering import register_stock

    register_stock([ResidentCode.complete(f"{3_000_000_000 + number:010}").value for number in range(20)])
    family = make.kawaguchi_family()
    city.document(family["hanako"], salary_receipts=3_000_000, social_insurance=450_000, main=True)
    city.assess(officer)
    return family


@pytest.fixture
def centre(people: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PartyProcess]:
    """証明書交付センター, with the city's counter open."""
    from kokunen.counterparts.certificate_centre.gateway import CityCounter
    from kokunen.resident_registry.kiosk import Desks
    from kokunen.resident_registry.services import kiosk

    monkeypatch.setattr(kiosk.clock, "now", lambda: DAYTIME)
    desks = Desks()
    counter = CityCounter(desks.answer, tmp_path, 0, lambda: None)
    counter.start()
    process = PartyProcess(
        ["-m", "kokunen.counterparts.certificate_centre", "--interval", "600"],
        tmp_path / "counterparts" / "certificate_centre",
    )
    process.start()
    yield process
    process.kill()
    counter.stop()
    desks.close()


def _entries(act: str) -> list[tuple[str, str]]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute(
            "select dataset, staff_number from ledger.entry where act = %s and dataset like '%%コンビニ交付%%' "
            "and dataset not like '証明書%%' order by 1", [act],
        )  # fmt: skip
        return [(str(row[0]), str(row[1])) for row in cursor.fetchall()]


def test_課税証明書と所得証明書に答え_未申告には理由を告げずに断り_すべて記録に残る(
    centre: PartyProcess, people: dict[str, str]
) -> None:
    from tests.resident_registry import factories as make

    from kokunen.resident_registry.models import KioskRequest

    def ask(who: str, certificate: str, number: str) -> dict[str, object]:
        code = str(make.now(people[who]).resident_code)
        return dict(centre.control.command("request", resident_code=code, certificate=certificate, number=number))

    assert decision(people["hanako"]).total_tax == 116_500
    first = ask("hanako", "31", "KT1")
    assert first["outcome"] == "issued" and first["is_pdf"] and "3010" in str(first["serial"])
    again = ask("hanako", "31", "KT1")
    assert again["serial"] == first["serial"] and again["is_pdf"]
    assert ask("hanako", "32", "KT2")["outcome"] == "issued"
    refused = ask("ichiro", "31", "KT3")
    assert refused["outcome"] == "refused" and refused["words"] == "交付できません。市役所の窓口でお尋ねください"
    log = {one.number: (one.kind, one.outcome, one.reason_code) for one in KioskRequest.objects.all()}
    assert log["KT1"] == ("31", "issued", "") and log["KT3"][:2] == ("31", "refused") and log["KT3"][2]
    assert {name for name, _ in _entries("print")} == {
        "課税（非課税）証明書（コンビニ交付）", "所得証明書（コンビニ交付）"}  # fmt: skip
    assert {who for _, who in _entries("print")} == {"system:certificate-kiosk"}
    centre.control.work()
    assert KioskRequest.objects.get(number="KT1").printed == "1"


def test_六月より前は前の年度の証明書で_決定のない年度には出さない(people: dict[str, str]) -> None:
    from kokunen.resident_tax.services import kiosk

    spring = datetime.fromisoformat("2026-05-31T12:00:00+09:00")
    sheet = kiosk.certificate(people["hanako"], "31", serial="", at=spring)
    assert not sheet.content and sheet.reason_code  # the year of June 2025 has no decision here
    assert kiosk.certificate(people["hanako"], "32", serial="", at=DAYTIME).content.startswith(b"%PDF")
