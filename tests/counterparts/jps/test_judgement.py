"""届書の審査の試験: what the Service decides from its own register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kokunen.counterparts.framework.store import Store
from kokunen.counterparts.jps.codec import Record
from kokunen.counterparts.jps.judgement import Decision, Judge
from kokunen.counterparts.jps.layout import load_layout
from kokunen.counterparts.jps.service import PensionService

REASONS = load_layout().reasons
NUMBER = "1234567890"
PERSON = {
    "kana": "タカハシ　ハナコ",
    "name": "髙橋　花子",
    "birth": date(1990, 4, 1),
    "sex": "2",
    "basic_pension_number": NUMBER,
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "jps.sqlite3", PensionService.schema)
    yield store
    store.close()


def _decide(store: Store, kind: str, receipt: str, **values: Any) -> Decision:
    with store.transaction() as connection:
        judge = Judge(connection, "11203", REASONS)
        return judge.decide(Record(kind, {**PERSON, "receipt_number": receipt, **values}))


def _acquire(store: Store, receipt: str = "1", **values: Any) -> Decision:
    return _decide(store, "acquisition", receipt, **{"kind_after": "1", "event_on": date(2026, 4, 1), **values})


def _person(store: Store, number: str = NUMBER) -> dict[str, Any]:
    row = store.row("SELECT * FROM person WHERE number = ?", (number,))
    assert row is not None
    return dict(row)


def test_番号のない取得届には新しい番号が付き_同じ届書には同じ番号を答える(store: Store) -> None:
    first = _acquire(store, basic_pension_number=None)
    assert (first.accepted, first.number) == (True, "9901000001")
    assert _acquire(store, basic_pension_number=None) == first
    other = _acquire(store, "2", basic_pension_number=None, kana="スズキ　イチロウ")
    assert other.number == "9901000002"


def test_取得の後の喪失で記録が動く(store: Store) -> None:
    _acquire(store)
    assert (_person(store)["kind"], _person(store)["since"]) == ("1", "2026-04-01")
    assert _decide(store, "loss", "2", event_on=date(2026, 11, 25)).accepted
    assert (_person(store)["kind"], _person(store)["lost_on"]) == ("9", "2026-11-25")


def test_死亡の翌日に資格を失う(store: Store) -> None:
    _acquire(store)
    assert _decide(store, "death", "2", event_on=date(2026, 12, 31)).accepted
    assert _person(store)["lost_on"] == "2027-01-01"


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        pytest.param("loss", {"birth": date(1990, 4, 2)}, "R02", id="生年月日が違う"),
        pytest.param("loss", {"sex": "1"}, "R03", id="性別が違う"),
        pytest.param("acquisition", {"kind_after": "1"}, "R04", id="既に取得している"),
        pytest.param("loss", {"event_on": date(2026, 3, 31)}, "R06", id="喪失が取得より前"),
        pytest.param("death", {"event_on": date(2026, 3, 31)}, "R06", id="死亡が取得より前"),
        pytest.param("change_of_kind", {"kind_before": "2", "kind_after": "1"}, "R10", id="変更前種別が違う"),
        pytest.param("acquisition", {"basic_pension_number": None, "kind_after": "1"}, "R08", id="同一人の疑い"),
        pytest.param("withdrawal", {"original_receipt": "77", "original_kind": "loss"}, "R09", id="取下げの相手がない"),
        pytest.param("birth_sex_correction", {"old_birth": date(1990, 5, 1), "old_sex": "2"}, "R02", id="訂正前が違う"),
    ],
)
def test_記録と合わない届書は理由を付けて返戻する(store: Store, kind: str, values: dict[str, Any], code: str) -> None:
    _acquire(store)
    before = _person(store)
    found = _decide(store, kind, "2", **{"event_on": date(2026, 11, 25), **values})
    assert found == Decision(False, "", code, REASONS[code])
    assert _person(store) == before


def test_失った資格をもう一度失うことはない(store: Store) -> None:
    _acquire(store)
    _decide(store, "loss", "2", event_on=date(2026, 11, 25))
    assert _decide(store, "loss", "3", event_on=date(2026, 11, 26)).reason_code == "R05"


def test_同じ受付番号で内容が違えば返戻する(store: Store) -> None:
    _acquire(store)
    assert _acquire(store, event_on=date(2026, 5, 1)).reason_code == "R07"
    assert _person(store)["since"] == "2026-04-01"


def test_返戻された届書は直して同じ受付番号で送れる(store: Store) -> None:
    _acquire(store)
    assert not _decide(store, "loss", "2", event_on=date(2026, 3, 1)).accepted
    assert _decide(store, "loss", "2", event_on=date(2026, 11, 25)).accepted


def test_取下げると前の記録に戻り_同じ届書をまた送れる(store: Store) -> None:
    _acquire(store)
    before = _person(store)
    _decide(store, "loss", "2", event_on=date(2026, 11, 25))
    withdrawn = _decide(
        store, "withdrawal", "3", original_receipt="2", original_kind="loss", event_on=date(2026, 11, 26)
    )
    assert withdrawn.accepted
    assert _person(store) == before
    assert _decide(store, "loss", "2", event_on=date(2026, 11, 25)).accepted


def test_生年月日の訂正で記録が直る(store: Store) -> None:
    _acquire(store)
    found = _decide(
        store, "birth_sex_correction", "2", birth=date(1990, 4, 11), old_birth=date(1990, 4, 1), old_sex="2"
    )
    assert found.accepted
    assert _person(store)["birth"] == "1990-04-11"


def test_知らない過去には口を出さない(store: Store) -> None:
    assert _decide(store, "loss", "1", event_on=date(2026, 11, 25), kind_before="1").accepted
    assert _decide(store, "change_of_kind", "2", kind_before="9", kind_after="1", event_on=date(2026, 12, 1)).accepted


def test_機構の名簿があるときは_いない人の届書を返戻する(tmp_path: Path) -> None:
    header = "number,kana,name,birth,sex,kind,since\n"
    (tmp_path / "people.csv").write_text(header + f"{NUMBER},タカハシ　ハナコ,髙橋　花子,1990-04-01,2,1,2010-04-01\n")
    service = PensionService(tmp_path)
    assert _decide(service.store, "loss", "1", basic_pension_number="9999999999").reason_code == "R01"
    assert _decide(service.store, "loss", "2", basic_pension_number=None, kana="ダレカ").reason_code == "R01"
    assert _decide(service.store, "loss", "3", event_on=date(2026, 11, 25)).accepted
    assert _acquire(service.store, "4", basic_pension_number=None, kana="アタラシイ　ヒト").accepted
    service.store.close()
