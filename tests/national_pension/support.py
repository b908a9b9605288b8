"""住民記録の側: publishes rows and changes of `resident` in its own transactions, as the registry's services do."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.kernel.names import search_key, variant_key
from kokunen.kernel.numbers import AtenaNumber
from kokunen.ledger.access import AccessContext

TODAY = date(2026, 11, 24)
_bodies = itertools.count(10_000_001)


def new_atena() -> str:
    """宛名番号: a fresh one with its check digit."""
    return AtenaNumber.complete(f"{next(_bodies):014d}").value


@dataclass
class Register:
    """住民記録: what the register holds of each person, and the feed numbers of what it published."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def resident(self, birth: date, *, announce: str | None = None, on: date | None = None, **items: Any) -> str:
        """A resident; with `announce` (異動事由) and `on` published as that event, else as a first loading."""
        atena = new_atena()
        row = self.rows[atena] = _row(atena, birth) | items
        row |= {
            "name_key": variant_key(row["name"]),
            "kana_key": search_key(row["name_kana"]),
            "kana_sort": row["name_kana"].replace("　", ""),
        }
        self.publish(atena, announce, on, kind="register")
        return atena

    def event(self, atena: str, code: str, on: date | None, *, cancels: int | None = None, **items: Any) -> int:
        """An event: the row as it then stands and one change; returns its feed number."""
        self.rows[atena] |= items
        kind = "cancel" if cancels else "remove" if items.get("removed_on") else "update"
        return self.publish(atena, code, on, kind=kind, cancels=cancels)

    def publish(
        self, atena: str, code: str | None, on: date | None, *, kind: str = "update", cancels: int | None = None
    ) -> int:
        """One row and one change, committed."""
        from kokunen.resident_registry.linkage import RESIDENT

        with transaction.atomic(using="resident_registry"):
            (seq,) = publish("resident_registry", RESIDENT, [self.rows[atena]], ChangeNote(kind, code, on, cancels))
        return seq

    def take(self) -> int:
        """The pension section digests what is ready."""
        from kokunen.common_platform.integration.consuming import drain
        from kokunen.national_pension.consumers import RegistryChanges

        return drain(RegistryChanges())

    def moves_abroad(self, atena: str, on: date) -> int:
        """転出（国外）: filed, with the day of leaving (which may lie ahead)."""
        return self.event(
            atena,
            "203",
            on,
            departure_code="203",
            departure_on=on,
            destination="フィリピン共和国",
            destination_abroad=True,
        )

    def cancels_departure(self, atena: str, seq: int, on: date) -> int:
        """転出取消"""
        return self.event(
            atena,
            "901",
            on,
            cancels=seq,
            departure_code="",
            departure_on=None,
            destination="",
            destination_abroad=False,
            status="1",
            removed_on=None,
            removal_code="",
        )

    def dies(self, atena: str, on: date) -> int:
        """死亡"""
        return self.event(atena, "211", on, status="3", removed_on=on, removal_code="211")


def _row(atena: str, birth: date) -> dict[str, Any]:
    return {
        "atena_number": atena,
        "status": "1",
        "resident_kind": "1",
        "name": "川口　太郎",
        "name_kana": "カワグチ　タロウ",
        "former_surname": "",
        "former_surname_kana": "",
        "kanji_name": "",
        "alias": "",
        "alias_kana": "",
        "birth_date": birth,
        "birth_text": "",
        "sex": "1",
        "relationship": "世帯主",
        "relationship_codes": "02",
        "household_number": atena,
        "head_atena_number": atena,
        "head_name": "川口　太郎",
        "telephone": "",
        "resident_since": date(2015, 4, 1),
        "resident_since_text": "",
        "removed_on": None,
        "removed_text": "",
        "removal_code": "",
        "postal_code": "3320012",
        "town_id": "",
        "address": "本町1丁目1番1号",
        "building": "",
        "address_since": date(2015, 4, 1),
        "departure_code": "",
        "departure_on": None,
        "destination": "",
        "destination_abroad": False,
        "name_key": variant_key("川口　太郎"),
        "kana_key": search_key("カワグチ　タロウ"),
        "kana_alt_key": None,
        "alias_name_key": None,
        "alias_kana_key": None,
        "kana_sort": "カワグチタロウ",
        "protected": False,
    }


def insure(
    atena: str,
    insured_type: str,
    acquired_on: date,
    lost_on: date | None = None,
    *,
    loss_reason: str = "",
    **codes: str,
) -> int:
    """資格期間 as loaded from the old system; returns its id."""
    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.records.models import recorded_from
    from kokunen.national_pension.models import QualificationPeriod

    period = QualificationPeriod.objects.create(
        atena_number=atena,
        insured_type=insured_type,
        acquisition_reason=codes.get("acquisition_reason", "01"),
        loss_reason=loss_reason,
        source="load",
        valid_period=DateRange(acquired_on, lost_on, "[)"),
        recorded_period=recorded_from(clock.now()),
        recorded_by="load",
    )
    return int(period.pk)


def give_number(atena: str, number: str) -> None:
    """基礎年金番号 as loaded from the old system."""
    from kokunen.national_pension.services.roll import take_number

    with transaction.atomic(using="national_pension"):
        take_number(atena_number=atena, number=number, on=date(2015, 4, 1), staff_number="load")


def put_on_roll(atena: str) -> None:
    """台帳在籍 as loaded from the old system."""
    from kokunen.national_pension import resident_view
    from kokunen.national_pension.services.roll import enrol

    resident = resident_view.find(atena)
    assert resident is not None
    with transaction.atomic(using="national_pension"):
        enrol(resident, move_code="01", staff_number="load")


def periods(atena: str) -> list[tuple[str, date, date | None, str, str]]:
    """現在の記録: (種別, 取得日, 喪失日, 取得理由, 喪失理由) in order of time."""
    from kokunen.national_pension.services.recording import current_periods

    return [
        (p.insured_type, p.valid_period.lower, p.valid_period.upper, p.acquisition_reason, p.loss_reason)
        for p in current_periods(atena)
    ]


@pytest.fixture
def city(city_database: str, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A city on Tuesday, 24 November 2026, in which the next version of the assessment is in force."""
    from kokunen.common_platform.assessment_desk.demo import publish_next_version

    monkeypatch.setenv("KOKUNEN_TODAY", TODAY.isoformat())
    publish_next_version()
    return Register()


@pytest.fixture
def officer() -> AccessContext:
    """国民年金課の職員"""
    return AccessContext("2001", "1101", "pension_qualification", screen="試験", terminal="T-01")


@pytest.fixture
def second_officer() -> AccessContext:
    """国民年金課のもう一人の職員"""
    return AccessContext("2002", "1101", "pension_qualification", screen="試験", terminal="T-02")


def last_entry() -> tuple[str, str, dict[str, Any]]:
    """閲覧記録の最後の行: act, dataset and detail of what the ledger was told last."""
    from django.db import connections

    with connections["ledger"].cursor() as cursor:
        cursor.execute("select act, dataset, detail::text from ledger.entry order by entry_id desc limit 1")
        act, dataset, detail = cursor.fetchone()
    return str(act), str(dataset), json.loads(detail)
