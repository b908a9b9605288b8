"""情報の流れ: flows of the assessment, and those between other systems."""

from __future__ import annotations

import pytest

from kokunen.assessment import flows
from kokunen.kernel.errors import NotAllowed

POLICY = flows.load_policy()


def _check(**changed: object) -> None:
    facts = {
        "publisher": "resident_registry",
        "consumer": "nonresident_registry",
        "flow_id": "house.resident_to_nonresident",
        "dataset": "resident",
        "items": [("name", None)],
        **changed,
    }
    flows.check_consumption(POLICY, **facts)  # type: ignore[arg-type]


def test_他システム間の流れは_列挙した項目だけを通す() -> None:
    _check()
    with pytest.raises(NotAllowed, match="head_name"):
        _check(items=[("head_name", None)])
    with pytest.raises(NotAllowed):
        _check(dataset="income", items=[("total_income", None)])


def _entries(monkeypatch: pytest.MonkeyPatch, source: str, recipient: str) -> None:
    """A declaration file that somebody has widened by one flow."""
    entry = {"source": source, "recipient": recipient, "columns": {}, "law": "なし", "purpose": "なし"}
    monkeypatch.setattr(flows, "_house_entries", lambda: {"house.x": entry})


@pytest.mark.control("CTL-039")
def test_国民年金は_評価書の外の流れの端になれない(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAllowed):
        _check(consumer="national_pension")
    _entries(monkeypatch, "unified_atena", "national_pension")
    with pytest.raises(NotAllowed, match="評価書の外"):
        flows.compile_policy(flows.load_document())


@pytest.mark.parametrize("end", ["pension_records", "ledger"])
def test_庁内連携システムにつながらないシステムは端になれない(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    _entries(monkeypatch, end, "resident_tax")
    try:
        policy = flows.compile_policy(flows.load_document())
    except NotAllowed:
        return  # refused outright
    assert "house.x" not in policy.flows  # or never opened
