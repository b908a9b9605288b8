"""行政欄 (住基法7条11号): handed over daily, printed only when asked for, by whoever may."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from tests.resident_registry.factories import counter, kawaguchi_family

from kokunen.common_platform.integration.consuming import drain
from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.kernel.errors import InputError
from kokunen.national_pension.linkage import PENSION_QUALIFICATION
from kokunen.resident_registry.choices import CertificateKind, IdentityCheck, RequestKind
from kokunen.resident_registry.documents.certificate import document_of
from kokunen.resident_registry.linkage import PensionEntries
from kokunen.resident_registry.models import CertificateIssue, PensionEntry
from kokunen.resident_registry.services import certificates
from kokunen.resident_registry.services.certificate_rules import Item

pytestmark = [pytest.mark.function("S2-5"), pytest.mark.control("CTL-060")]


@pytest.fixture
def people(city_database: str) -> dict[str, str]:
    return kawaguchi_family()


def hand_over(number: str, kind: str = "1", lost: date | None = None) -> None:
    """資格情報の移転, as the pension section's night job publishes it."""
    row = {
        "atena_number": number,
        "basic_pension_number": "1234567890" if kind != "9" else None,
        "insured_type": kind,
        "acquired_on": date(2008, 6, 5) if kind != "9" else None,
        "acquisition_reason": "01" if kind != "9" else None,
        "lost_on": lost,
        "loss_reason": "02" if lost else None,
    }
    with transaction.atomic(using="national_pension"):
        publish("national_pension", PENSION_QUALIFICATION, [row], ChangeNote("update", None, date(2026, 11, 24)))
    drain(PensionEntries())


def issue(number: str, **more: object) -> certificates.Issued:
    options = {"request_kind": RequestKind.SELF, "items": frozenset({Item.PENSION}), **more}
    order = certificates.CertificateOrder(
        kind=CertificateKind.PERSON, atena_number=number, identity_check=IdentityCheck.DRIVING_LICENCE, **options
    )  # type: ignore[arg-type]
    return certificates.issue_certificate(context=counter("resident_certificate"), order=order)


def printed(done: certificates.Issued) -> dict[str, str]:
    sheet = CertificateIssue.objects.get(batch=done.batch)
    (person,) = document_of(sheet, certificates.rows_of(sheet), [sheet.issue_number])["people"]
    return {label: value for label, value, _ in person["rows"]}


def test_資格情報は届いた分だけ_求めた証明書にだけ出る(people: dict[str, str]) -> None:
    hand_over(people["jiro"])
    shown = printed(issue(people["jiro"]))
    assert (shown["国民年金の種別"], shown["基礎年金番号"], shown["資格取得年月日"]) == (
        "第1号被保険者", "1234-567890", "平成20年6月5日",
    )  # fmt: skip
    assert not [label for label in printed(issue(people["jiro"], items=frozenset())) if "年金" in label]
    assert printed(issue(people["taro"]))["国民年金"] == "該当なし"


def test_再交付は初めの交付のときの資格で刷る(people: dict[str, str]) -> None:
    hand_over(people["jiro"])
    first = issue(people["jiro"])
    hand_over(people["jiro"], lost=date(2026, 11, 21))
    sheet = CertificateIssue.objects.get(batch=first.batch)
    again = certificates.reissue_certificate(
        context=counter("resident_certificate"), issue_id=sheet.pk, reason="紙の汚れ"
    )
    assert "資格喪失年月日" not in printed(again)
    assert printed(issue(people["jiro"]))["資格喪失年月日"] == "令和8年11月21日"


def test_取り消された取得は刷らず_履歴は残る(people: dict[str, str]) -> None:
    hand_over(people["jiro"])
    hand_over(people["jiro"], kind="9")
    assert printed(issue(people["jiro"]))["国民年金"] == "該当なし"
    assert PensionEntry.objects.filter(atena_number=people["jiro"]).count() == 2


@pytest.mark.parametrize(("kind", "who"), [("11", RequestKind.THIRD_PARTY), ("21", RequestKind.SELF)])
def test_第三者と転出証明書には出ない(people: dict[str, str], kind: str, who: RequestKind) -> None:
    from kokunen.resident_registry.services.certificate_rules import check_items

    with pytest.raises(InputError, match="国民年金の資格（行政欄）"):
        check_items({Item.PENSION}, who, CertificateKind(kind), "訴訟のため")
