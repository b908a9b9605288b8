"""情報提供データベース: built from the integrated database, incrementally and whole, and both agree."""

from __future__ import annotations

import pytest
from tests.unified_atena.people import FIRST, SECOND, follow, income, resident, unified

from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.usefixtures("city_database")


def _records() -> dict[tuple[str, str], tuple[int, bool, dict[str, object]]]:
    from kokunen.unified_atena.models import ProvisionRecord

    return {(r.kind, r.record_key): (r.revision, r.is_deleted, r.content) for r in ProvisionRecord.objects.all()}


@pytest.mark.function("S4-2")
def test_元の記録が変わると版が上がり消えると削除になる() -> None:
    resident(FIRST, "n1", relationship="世帯主")
    income(FIRST, total_income=2_000_000)
    follow()
    found = _records()
    assert found["local_tax", "2026"][:2] == (1, False)
    assert found["local_tax", "2026"][2]["202"] == 2_000_000
    assert found["resident_register", ""][2]["102"] == "世帯主"
    income(FIRST, total_income=3_000_000)
    follow()
    assert _records()["local_tax", "2026"][0] == 2
    income(FIRST, total_income=3_000_000)
    follow()
    assert _records()["local_tax", "2026"][0] == 2
    income(FIRST, state="4")
    follow()
    assert _records()["local_tax", "2026"][:2] == (3, True)
    resident(FIRST, status="2", removed_on="2026-11-20", removal_code="201")
    follow()
    assert _records()["resident_register", ""][1]


def test_番号のない人の記録は作らない() -> None:
    resident(FIRST)
    income(FIRST)
    follow()
    assert _records() == {}


def test_支援措置の人は自動応答不可になる() -> None:
    from kokunen.unified_atena.models import SendItem, UnifiedPerson

    resident(FIRST, "n1", protected=True)
    resident(SECOND, "n2")
    follow()
    shut = dict(UnifiedPerson.objects.values_list("unified_number", "no_auto_reply"))
    assert shut == {unified(FIRST): True, unified(SECOND): False}
    asked = SendItem.objects.filter(interface="IF_DBM_50123").values_list("unified_number", flat=True)
    assert list(asked) == [unified(FIRST)]


@pytest.mark.function("S4-2")
def test_全件作成は差分を報告し何もなければゼロ(officer: AccessContext) -> None:
    from kokunen.unified_atena.models import ProvisionRecord
    from kokunen.unified_atena.services.provision import rebuild

    resident(FIRST, "n1")
    income(FIRST)
    follow()
    assert rebuild(officer).differences == 0
    ProvisionRecord.objects.filter(kind="local_tax").update(content_hash="古い")
    report = rebuild(officer)
    assert report.counts["local_tax"] == {"added": 0, "changed": 1, "removed": 0}
    assert rebuild(officer).differences == 0


def test_種類は宣言された列だけから作る(monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.unified_atena import kinds as declared

    declared.kinds.cache_clear()
    monkeypatch.setattr(declared, "CONSUMES", ())
    with pytest.raises(ValueError, match="undeclared"):
        declared.kinds()
    declared.kinds.cache_clear()
