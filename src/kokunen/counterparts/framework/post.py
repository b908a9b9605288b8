"""回線の窓口（市側） — how the city sends numbered messages to a party and takes what waits there.

The house calls these methods through the ``gateway`` of each party and knows neither layout nor line: it gives a kind
and the items by name, and gets an answer in words.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kokunen.config import environment
from kokunen.kernel.errors import NotAllowed

from .city import load_city
from .client import LineClient, LineTrouble
from .mailbox import ACCEPTED, LINE_FILE
from .messages import Fault, Message, MessageError, MessageLayout, load_layout
from .pki import Authority, Credentials

_SECONDS = 20.0

# 関門: raises when the city's assessment does not name the party; whoever opens the line gives it. It is asked before
# every message, so that a line that stays open closes with the assessment.
Admit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """送信の結果 — accepted with a receipt (and items, where the kind has an answer), or refused with faults."""

    accepted: bool
    receipt: str
    faults: tuple[Fault, ...] = ()
    items: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """届いた電文 — ``problem`` says why it could not be read (then ``items`` is empty)."""

    number: str
    kind: str
    items: Mapping[str, Any]
    problem: str = ""


@dataclass(slots=True)
class PostBox:
    """回線の窓口 — one party's line as the city uses it; opens its connection when first needed."""

    party: str
    layout: MessageLayout
    data: Path
    municipality: str
    admit: Admit
    _client: LineClient | None = None
    _address: str = field(default="")

    def send(self, *, number: str, kind: str, items: Mapping[str, Any], created_at: str) -> Sent:
        """Send one message; the same number may be sent again. Raises LineTrouble when there is no sound answer.

        What the layout refuses is not sent and comes back as a refusal without a receipt.
        """
        message = Message(kind, number, items, self.municipality, self.party, created_at)
        try:
            body = self.layout.encode(message)
        except MessageError as error:
            return Sent(False, "", error.faults)
        status, answer = self._call("/messages", number, body)
        content = _content(answer)
        if status not in (200, 409) or "result" not in content:
            raise LineTrouble("相手方が電文を受け取れませんでした", field="line", hint="同じ番号で送り直してください。")
        faults = tuple(Fault(one["item"], one["code"], one["message"]) for one in content["faults"])
        return Sent(content["result"] == ACCEPTED, content["receipt"], faults, content.get("items", {}))

    def fetch(self) -> list[Arrived]:
        """What waits for the city, oldest first; the same until it is acknowledged. Raises LineTrouble."""
        status, answer = self._call("/outgoing/next", _query_number(), b"{}")
        content = _content(answer)
        if status != 200 or not isinstance(content.get("messages"), list):
            raise LineTrouble("相手方の応答が読めません", field="line", hint="時間をおいて、もう一度受信してください。")
        return [self._arrived(str(text)) for text in content["messages"]]

    def acknowledge(self, numbers: Sequence[str]) -> None:
        """Tell the party what the city has stored for good. Raises LineTrouble; safe to repeat."""
        if not numbers:
            return
        status, _ = self._call("/outgoing/taken", _query_number(), json.dumps({"numbers": list(numbers)}).encode())
        if status != 200:
            raise LineTrouble("受信の確認が届きませんでした", field="line", hint="次の受信で自動的に送り直します。")

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _arrived(self, text: str) -> Arrived:
        try:
            message = self.layout.decode(text.encode())
        except MessageError as error:
            envelope = _content(text.encode())
            return Arrived(str(envelope.get("number", "")), str(envelope.get("kind", "")), {}, error.message)
        return Arrived(message.number, message.kind, message.items)

    def _call(self, path: str, number: str, body: bytes) -> tuple[int, bytes]:
        try:
            self.admit()
        except NotAllowed as refusal:  # to whoever sends it is a line that rests; the refusal stands in the ledger
            raise LineTrouble(refusal.message, field="line", hint=refusal.hint) from refusal
        client = self._open()
        try:
            status, answer = client.send("POST", path, number=number, body=body)
        except LineTrouble:
            self.close()  # a new connection next time: the party may have come back elsewhere
            raise
        if status == 403:
            raise LineTrouble(
                "相手方が市の証明書を受け付けません", field="line", hint="証明書の登録を確かめてください。"
            )
        return status, answer

    def _open(self) -> LineClient:
        address = address_of(self.party, self.data)
        if self._client is None or address != self._address:
            self.close()
            self._client = LineClient(address, credentials_of(self.party, self.data), seconds=_SECONDS)
            self._address = address
        return self._client


def open_post(package: str, admit: Admit) -> PostBox:
    """窓口を開く — the line of a party, for the city of the environment."""
    layout = load_layout(package)
    return PostBox(layout.party, layout, environment.data_dir(), load_city().municipality, admit)


def party_folder(party: str, data: Path) -> Path:
    """The party's data folder in the embedded city."""
    return data / "counterparts" / party


def address_of(party: str, data: Path) -> str:
    """Where the party's line is: ``KOKUNEN_LINE_<PARTY>``, or what the embedded party says. Raises LineTrouble."""
    if named := os.environ.get(f"KOKUNEN_LINE_{party.upper()}"):
        return named
    try:
        port = json.loads((party_folder(party, data) / LINE_FILE).read_text())["port"]
    except (OSError, ValueError, KeyError):
        raise LineTrouble(
            "相手方の回線が開いていません", field="line", hint="相手方の状態を確かめてください。"
        ) from None
    return f"https://127.0.0.1:{port}"


def credentials_of(party: str, data: Path) -> Credentials:
    """The city's certificate for this line; in the embedded city the party's authority issues it once.

    A production city has its certificate issued by the line's authority and lays it into the same folder.
    """
    client = load_city().client
    folder = data / "keys" / "lines" / party
    found = Credentials(folder / f"{client}.pem", folder / f"{client}.key.pem", folder / "authority.pem")
    issuer = party_folder(party, data) / "authority"
    published = issuer / "authority.pem"
    if found.certificate.exists() and (
        not published.exists() or published.read_bytes() == found.authority.read_bytes()
    ):
        return found
    if not published.exists():
        raise LineTrouble("この回線の証明書がありません", field="line", hint="相手方に証明書の発行を求めてください。")
    return Authority(issuer).issue_client(folder, client)


def _query_number() -> str:
    return f"Q{uuid.uuid4().hex}"


def _content(answer: bytes) -> dict[str, Any]:
    try:
        content = json.loads(answer)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
