"""情報の流れの方針: which flows the published assessment declares, compiled from its data (deny by default).

A subsystem's declaration of what it takes (linkage.CONSUMES) names a flow of the assessment and columns whose items the
assessment declares. `check_consumption` refuses everything else with the name of the column; provisioning makes views
from what passed. Flows that do not touch 国民年金 stand in data/house-flows.yaml, column by column; both ends must be
systems that the assessment puts on 庁内連携システム.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kokunen.kernel.errors import NotAllowed

DATA_DIR = Path(__file__).with_name("data")
PUBLISHED_EDITION = "2025-12-26"
IN_HOUSE_CHANNEL = "庁内連携システム"

# The parties of 庁内連携 as the assessment writes them, and the subsystem that plays each.
_PARTY_SUBSYSTEM: dict[str, str] = {
    "市民課 (既存住民基本台帳システム)": "resident_registry",
    "市民税課 (個人住民税システム)": "resident_tax",
    "川口市 市民課": "resident_registry",
}
_SUBJECT_SUBSYSTEM = "national_pension"

# The systems of the assessment (I.2) by subsystem, to see which of them stand on 庁内連携システム.
_SYSTEM_SUBSYSTEM: dict[str, str] = {
    "I.2.system1": "national_pension",
    "I.2.system2": "resident_registry",
    "I.2.system3": "default",
    "I.2.system4": "unified_atena",
    "I.2.system5": "nonresident_registry",
    "I.2.system6": "resident_tax",
    "I.2.system7": "pension_records",
}


@dataclass(frozen=True, slots=True)
class Flow:
    """情報の流れ: one declared way of data between two systems; both ends are subsystem aliases or outside parties."""

    flow_id: str
    source: str
    recipient: str
    channel: str
    basis: tuple[str, ...]
    columns: Mapping[str, frozenset[str]] | None = None
    """Columns by dataset of a flow between other systems; None = whatever the assessment declares as items."""


@dataclass(frozen=True, slots=True)
class Policy:
    """方針: what the assessment in force allows."""

    edition: str
    flows: Mapping[str, Flow]
    items: frozenset[str]
    operational_items: frozenset[str]

    def declares(self, item: str) -> bool:
        """Is this an item of 別添1 or of the operational list? Brackets in half or full width are one spelling."""
        return _spelling(item) in self.items or _spelling(item) in self.operational_items


@lru_cache(maxsize=4)
def load_policy(edition: str = PUBLISHED_EDITION) -> Policy:
    """Compile the policy of an edition of the assessment."""
    document = _read(DATA_DIR / f"{edition}.yaml")
    operational = _read(DATA_DIR / "operational-items.yaml")
    flows = {**_flows(document), **_house_flows(document, _read(DATA_DIR / "house-flows.yaml"))}
    return Policy(edition, flows, _items(document), frozenset(map(_spelling, operational)))


def check_consumption(
    policy: Policy,
    *,
    publisher: str,
    consumer: str,
    flow_id: str,
    dataset: str,
    items: Sequence[tuple[str, str | None]],
) -> None:
    """Refuse (NotAllowed) a consumption that the assessment does not declare.

    `items` pairs each column with the item it claims. The flow must exist, join just these two subsystems and go by
    庁内連携.
    """
    flow = policy.flows.get(flow_id)
    if flow is None:
        raise NotAllowed(
            f"評価書に「{flow_id}」という情報の流れはありません（{consumer} が {dataset} を利用する宣言）",
            hint="評価書に流れを加えて公表するか、宣言を取り下げてください",
        )
    if (flow.source, flow.recipient) != (publisher, consumer) or flow.channel != IN_HOUSE_CHANNEL:
        raise NotAllowed(
            f"評価書の流れ「{flow_id}」は {flow.source} から {flow.recipient} へ {flow.channel} によるものです。"
            f"{publisher} から {consumer} への庁内連携には使えません",
            hint="正しい流れの番号を宣言してください",
        )
    if flow.columns is not None:
        _check_columns(flow, dataset, [column for column, _ in items])
        return
    for column, item in items:
        if item is None or not policy.declares(item):
            raise NotAllowed(
                f"評価書が定めていない項目です: {dataset}.{column}（記録項目: {item or '指定なし'}）",
                field=f"{dataset}.{column}",
                hint="別添1の記録項目か運用項目の名前を指定するか、この列を宣言から外してください",
            )


def _check_columns(flow: Flow, dataset: str, columns: Sequence[str]) -> None:
    """A flow between other systems carries the columns that are listed for it, the key and nothing else."""
    allowed = (flow.columns or {}).get(dataset, frozenset()) | {"atena_number", "version"}
    for column in columns:
        if column not in allowed:
            raise NotAllowed(
                f"庁内連携の流れ「{flow.flow_id}」に {dataset}.{column} はありません",
                field=f"{dataset}.{column}",
                hint="house-flows.yaml に根拠とともに加えるか、この列を宣言から外してください",
            )


def _house_flows(document: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Flow]:
    """Flows between other systems; one whose end is 国民年金 or not on 庁内連携システム is an error of the data."""
    connected = _connected_subsystems(document)
    result: dict[str, Flow] = {}
    for flow_id, entry in declared.items():
        for end in (entry["source"], entry["recipient"]):
            if end == _SUBJECT_SUBSYSTEM or end not in connected:
                raise NotAllowed(
                    f"庁内連携の流れ「{flow_id}」の端 {end} は、評価書の外では使えません",
                    hint="国民年金の流れは評価書に、ほかの流れは庁内連携システムにつながるシステムの間に限ってください",
                )
        columns = {str(name): frozenset(names) for name, names in entry["columns"].items()}
        basis = (str(entry["law"]), str(entry["purpose"]))
        result[flow_id] = Flow(flow_id, entry["source"], entry["recipient"], IN_HOUSE_CHANNEL, basis, columns)
    return result


def _connected_subsystems(document: Mapping[str, Any]) -> frozenset[str]:
    """Who stands on 庁内連携システム: the boxes ③ of I.2, and the hub itself."""
    found = {"default"}
    groups = next(section for section in document["sections"] if section["id"] == "I")["groups"]
    systems = next(group for group in groups if group["id"] == "I.2")["repeat"]
    for system in systems:
        connections = next(item for item in system["items"] if item["id"].endswith(".connections"))
        if IN_HOUSE_CHANNEL in connections["value"]:
            found.add(_SYSTEM_SUBSYSTEM[system["id"]])
    return frozenset(found)


def _flows(document: Mapping[str, Any]) -> dict[str, Flow]:
    derived = document["derived"]
    result: dict[str, Flow] = {}
    for entry in derived["inbound"]:
        result[entry["id"]] = Flow(
            entry["id"],
            _PARTY_SUBSYSTEM.get(entry["from"], entry["from"]),
            _SUBJECT_SUBSYSTEM,
            entry["channel"],
            tuple(entry["basis"]),
        )
    for entry in derived["outbound"]:
        result[entry["id"]] = Flow(
            entry["id"],
            _SUBJECT_SUBSYSTEM,
            _PARTY_SUBSYSTEM.get(entry["to"], entry["to"]),
            entry["channel"],
            tuple(entry["basis"]),
        )
    return result


def _items(document: Mapping[str, Any]) -> frozenset[str]:
    """Items of 別添1 as "R1/氏名情報": groups are numbered in the order of the form."""
    return frozenset(
        _spelling(f"R{number}/{item['label']}")
        for number, group in enumerate(document["appendix1"]["groups"], start=1)
        for item in group["items"]
    )


def _spelling(item: str) -> str:
    return unicodedata.normalize("NFKC", item)


def _read(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        content: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
    return content
