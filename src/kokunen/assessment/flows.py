"""方針: what the assessment in force allows, compiled from its leaves (deny by default).

Nothing here is a list of its own: take a source, a method, a recipient, a department or an item of 別添1 out of the
assessment and what depended on it stops. A subsystem's declaration of what it takes (linkage.CONSUMES) names a flow and
columns whose items the assessment declares. `check_consumption` refuses everything else with the name of the column;
provisioning makes views from what passed.

Flows that do not touch 国民年金 stand in data/house-flows.yaml, column by column; both ends must be systems that the
assessment puts on 庁内連携システム.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from kokunen.assessment.document import DATA_DIR, PUBLISHED_EDITION, Document, load_document
from kokunen.assessment.threshold import Band, band
from kokunen.kernel.errors import NotAllowed

IN_HOUSE_CHANNEL = "庁内連携システム"
PAPER = "紙"
MEDIUM = "電子記録媒体(フラッシュメモリを除く。)"
ONLINE = "社会保険オンラインシステム"
NETWORK = "情報提供ネットワークシステム"
PERSON, SERVICE = "本人又は本人の代理人", "日本年金機構"
_OTHER = "その他"

SUBJECT = "national_pension"
# Offices of 庁内連携 as the assessment writes them, and the subsystem that plays each.
_OFFICE_SUBSYSTEM: dict[str, str] = {
    "市民課": "resident_registry",
    "市民税課": "resident_tax",
    "川口市 市民課": "resident_registry",
}
# Ids that declarations of the subsystems name.
_INBOUND_IDS: dict[tuple[str, str], str] = {
    (PERSON, PAPER): "flow.in1",
    (SERVICE, PAPER): "flow.in2",
    (SERVICE, ONLINE): "flow.in3",
    ("resident_registry", IN_HOUSE_CHANNEL): "flow.in4",
    ("resident_tax", IN_HOUSE_CHANNEL): "flow.in5",
    (SERVICE, MEDIUM): "flow.in7",
}
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
# Outside parties of a system: where I.2 of the form must name each (③ 接続 with its その他, or a function of ②).
_CONNECTION, _FUNCTION = "connections", "functions"
_LINES: dict[tuple[str, str], tuple[str, str, str]] = {
    ("resident_registry", "juki_cs"): ("I.2.system2", _CONNECTION, "住民基本台帳ネットワークシステム"),
    ("resident_registry", "moj"): ("I.2.system2", _FUNCTION, "法務省との連携機能"),
    ("resident_registry", "koseki"): ("I.2.system2", _FUNCTION, "戸籍システムへの連携"),
    ("resident_registry", "certificate_centre"): ("I.2.system2", _CONNECTION, "証明書コンビニ交付システム"),
    ("unified_atena", "intermediate_server"): ("I.2.system4", _CONNECTION, "中間サーバ"),
    ("resident_tax", "certificate_centre"): ("I.2.system6", _CONNECTION, "証明書コンビニ交付システム"),
    ("resident_tax", "eltax"): ("I.2.system6", _FUNCTION, "年金特別徴収管理機能"),
    ("pension_records", "terminal_controller"): (
        "I.2.system7",
        _CONNECTION,
        "管轄年金事務所のターミナルコントローラ",
    ),
}
_WELFARE = ("生活福祉1課", "生活福祉2課")
# Purposes of the pension work that serve every use, and those that need a recipient to give something to.
_ANY_USE, _ANSWERS = "pension_inquiry", ("pension_report", "pension_income_answer")
# 使用方法 of the form and the purpose of the ledger that does just that.
_USES: dict[str, str] = {
    "II.3.use1": "pension_qualification",
    "II.3.use2": "pension_exemption",
    "II.3.use3": "pension_benefit",
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
    departments: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    number_rows: frozenset[int]
    users: Band
    subjects: Band
    item_count: Band
    is_outsourced: bool
    uses_network: bool
    has_authentication: bool
    lines: frozenset[tuple[str, str]]
    """(subsystem, party) of each outside line that I.2 names."""

    def declares(self, item: str) -> bool:
        """Is this an item of 別添1 or of the operational list? Brackets in half or full width are one spelling."""
        return _spelling(item) in self.items or _spelling(item) in self.operational_items

    def check_inbound(self, source: str, channel: str) -> None:
        """入手: refuse (NotAllowed) a source or a method that is not declared."""
        if not any((f.source, f.channel, f.recipient) == (source, channel, SUBJECT) for f in self.flows.values()):
            raise NotAllowed(
                f"評価書は「{source}」から「{channel}」による入手を定めていません",
                hint="評価書 II.3 入手元・入手方法に加えて公表するまで、受け取れません",
            )

    def check_outbound(self, recipient: str, channel: str) -> None:
        """提供・移転: refuse (NotAllowed) a recipient or a method that is not declared."""
        if not any((f.recipient, f.channel, f.source) == (recipient, channel, SUBJECT) for f in self.flows.values()):
            raise NotAllowed(
                f"評価書は「{recipient}」へ「{channel}」による提供・移転を定めていません",
                hint="評価書 II.5 提供先・移転先に加えて公表するまで、渡せません",
            )

    def check_line(self, subsystem: str, party: str) -> None:
        """外部の回線: refuse (NotAllowed) a party that the system's entry in I.2 does not name."""
        if (subsystem, party) not in self.lines:
            raise NotAllowed(
                f"評価書 I.2 は、この仕組み（{subsystem}）と「{party}」との接続を定めていません",
                hint="評価書 I.2 の接続・機能に加えて公表するまで、送受信できません",
            )

    def allows_purpose(self, purpose: str) -> bool:
        """利用目的: may anybody state this purpose? Purposes of other work are not for this assessment to close."""
        if purpose in _USES.values():
            return purpose in self.purposes
        if purpose == _ANY_USE:
            return bool(self.purposes)
        if purpose in _ANSWERS:
            return any((f.source, f.recipient) == (SUBJECT, SERVICE) for f in self.flows.values())
        return True

    def check_department(self, name: str) -> None:
        """使用部署: refuse (NotAllowed) an office that may not use the pension file."""
        if name not in self.departments:
            raise NotAllowed(
                f"「{name}」は、評価書の使用部署ではありません",
                hint="国民年金の役割は使用部署の職員だけに付けられます。評価書 II.3 使用部署を確かめてください",
            )


def party_of(name: str) -> str:
    """相手の名 of the form (市民課, 川口市 市民課, 日本年金機構 …) as the flows name it."""
    return _OFFICE_SUBSYSTEM.get(name, name)


@lru_cache(maxsize=8)
def load_policy(edition: str = PUBLISHED_EDITION) -> Policy:
    """Compile the policy of an edition of the program's data."""
    return compile_policy(load_document(edition))


def compile_policy(document: Document) -> Policy:
    """方針を作る: everything that the leaves of this version allow."""
    return Policy(
        edition=document.edition,
        flows={flow.flow_id: flow for flow in (*_inbound(document), *_outbound(document), *_house(document))},
        items=_items(document),
        operational_items=_operational(),
        departments=frozenset(document.value("II.3.using_departments") or ()),
        purposes=frozenset(
            _USES[use["id"]] for use in document.value("II.3.use") or () if use.get("id") in _USES and use.get("text")
        ),
        categories=frozenset(
            option for group in (document.value("II.2.main_items") or {}).values() for option in group["checked"]
        ),
        number_rows=frozenset(int(row["row"]) for row in (document.value("I.4.legal_basis") or {}).get("rows", ())),
        users=band(document.value("II.3.user_count") or ""),
        subjects=band(document.value("I.1.subjects") or ""),
        item_count=band(document.value("II.2.recorded_items_count") or ""),
        is_outsourced=document.value("II.4.outsourced") == "委託する",
        uses_network=document.value("I.5.performed") == "実施する",
        has_authentication=document.value("III.3.risk2.authentication") == "行っている",
        lines=frozenset(line for line, named in _LINES.items() if _names(document, *named)),
    )


def _names(document: Document, system: str, place: str, name: str) -> bool:
    """Does I.2 name that party or function at that place of the system's entry?"""
    if place == _FUNCTION:
        functions = document.value(f"{system}.functions") or ()
        return any(isinstance(one, dict) and one.get("name") == name for one in functions)
    content = document.content(f"{system}.connections")
    others = str(content.get("other_text") or "").split("、")
    return name in (*(content.get("value") or ()), *others)


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


def _house(document: Document) -> list[Flow]:
    """Flows between other systems: closed unless both ends stand on 庁内連携システム; 国民年金 can be no end of one."""
    connected = {"default"} | {
        subsystem
        for system, subsystem in _SYSTEM_SUBSYSTEM.items()
        if IN_HOUSE_CHANNEL in (document.value(f"{system}.connections") or ())
    }
    found = []
    for flow_id, entry in _house_entries().items():
        ends = (entry["source"], entry["recipient"])
        if SUBJECT in ends or not set(ends) <= set(_SYSTEM_SUBSYSTEM.values()):
            raise NotAllowed(
                f"庁内連携の流れ「{flow_id}」の端 {'、'.join(ends)} は、評価書の外では使えません",
                hint="国民年金の流れは評価書に、ほかの流れは庁内連携システムにつながるシステムの間に限ってください",
            )
        if set(ends) <= connected:
            columns = {str(name): frozenset(names) for name, names in entry["columns"].items()}
            basis = (str(entry["law"]), str(entry["purpose"]))
            found.append(Flow(flow_id, *ends, IN_HOUSE_CHANNEL, basis, columns))
    return found


@lru_cache(maxsize=1)
def _house_entries() -> dict[str, dict[str, Any]]:
    with (DATA_DIR / "house-flows.yaml").open(encoding="utf-8") as file:
        found: dict[str, dict[str, Any]] = yaml.load(file, Loader=yaml.CSafeLoader)
    return found


def _inbound(document: Document) -> list[Flow]:
    """Each ticked source by each ticked method that goes with it."""
    ticked = document.value("II.3.sources") or ()
    details = document.content("II.3.sources").get("details") or {}
    methods = set(document.value("II.3.acquisition_methods") or ())
    if _OTHER in methods:
        methods.add(str(document.content("II.3.acquisition_methods").get("other_text") or _OTHER))
    parties = [PERSON] if PERSON in ticked else []
    for source in ticked:
        parties += [_OFFICE_SUBSYSTEM.get(party, party) for party in details.get(source, ())]
    basis = ("II.3.sources", "II.3.acquisition_methods")
    found = [
        Flow(flow_id, party, SUBJECT, channel, basis)
        for (party, channel), flow_id in _INBOUND_IDS.items()
        if party in parties and channel in methods
    ]
    # The form does not say how welfare's notices come: paper only, until an edition names the channel of the party.
    named = details.get("channels") or {}
    for n, party in enumerate(_WELFARE, 1):
        allowed = [channel for channel in (PAPER, *named.get(party, ())) if channel in methods and party in parties]
        found += [
            Flow(f"flow.in6.{n}" + (f".{place}" if place > 1 else ""), party, SUBJECT, channel, basis)
            for place, channel in enumerate(dict.fromkeys(allowed), 1)
        ]
    return found


def _outbound(document: Document) -> list[Flow]:
    """Each ticked method of each recipient that has a legal basis and something to give."""
    found = []
    performed = document.value("II.5.performed") or ()
    for kind, box in (("provision", "提供を行っている"), ("transfer", "移転を行っている")):
        groups = sorted({i.split(".")[2] for i in document.leaves if i.startswith(f"II.5.{kind}")})
        for group in groups if box in performed else ():
            prefix = f"II.5.{group}"
            recipient = document.value(f"{prefix}.recipient")
            if not (recipient and document.value(f"{prefix}.legal_basis") and document.value(f"{prefix}.information")):
                continue
            for number, channel in enumerate(document.value(f"{prefix}.method") or ()):
                name = {"provision1": "flow.out1", "transfer1": "flow.out2"}.get(group, f"flow.out.{group}")
                flow_id = name if number == 0 else f"{name}.{number + 1}"
                found.append(Flow(flow_id, SUBJECT, _OFFICE_SUBSYSTEM.get(recipient, recipient), channel, (prefix,)))
    return found


def _items(document: Document) -> frozenset[str]:
    """Items of 別添1 as "R1/氏名情報": groups are numbered in the order of the form."""
    return frozenset(
        _spelling(f"R{number}/{leaf.value}")
        for number, leaves in enumerate(_ordered_groups(document), start=1)
        for leaf in leaves
    )


def _ordered_groups(document: Document) -> list[list[Any]]:
    """Groups keep the number they have in the published form, also when another one before them is emptied."""
    published = list(load_document().record_groups())
    groups = document.record_groups()
    return [groups.get(group, []) for group in published] + [groups[g] for g in groups if g not in published]


@lru_cache(maxsize=1)
def _operational() -> frozenset[str]:
    with (DATA_DIR / "operational-items.yaml").open(encoding="utf-8") as file:
        return frozenset(map(_spelling, yaml.load(file, Loader=yaml.CSafeLoader)))


def _spelling(item: str) -> str:
    return unicodedata.normalize("NFKC", item)
