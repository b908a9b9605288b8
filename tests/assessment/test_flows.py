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


@pytest.mark.control("CTL-039")
def test_国民年金は_評価書の外の流れの端になれない() -> None:
    with pytest.raises(NotAllowed):
        _check(consumer="national_pension")
    document = flows._read(flows.DATA_DIR / "2025-12-26.yaml")
    smuggled = {"house.x": {"source": "unified_atena", "recipient": "national_pension", "columns": {}}}
    with pytest.raises(NotAllowed, match="国民年金"):
        flows._house_flows(document, smuggled)


def test_庁内連携システムにつながらないシステムは端になれない() -> None:
    document = flows._read(flows.DATA_DIR / "2025-12-26.yaml")
    for end in ("pension_records", "ledger"):
        with pytest.raises(NotAllowed):
            flows._house_flows(document, {"house.x": {"source": end, "recipient": "resident_tax", "columns": {}}})
