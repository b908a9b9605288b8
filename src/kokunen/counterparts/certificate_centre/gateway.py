"""証明書交付センターへの窓口（市側） — the city's counter: it answers the centre's messages over its own line."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kokunen.config import environment
from kokunen.kernel.errors import KokunenError

from ..framework.files import write_atomic
from ..framework.line import LineAnswer, LineRequest, LineServer
from ..framework.messages import MessageError, load_layout
from ..framework.pki import Authority
from ..framework.post import Admit
from ..framework.store import Store
from ..framework.trouble import Troubles

PARTY = "certificate_centre"
ADDRESS_FILE = "city.json"
_PORT_AFTER_BASE = 5
CLOSED = "交付できません。市役所の窓口でお尋ねください"
Answer = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]


class CityCounter:
    """市の窓口 — ``answer(kind, number, items)`` gives the answer by name; ``admit`` is asked before each.

    ``port`` 0 takes a free one.
    """

    def __init__(self, answer: Answer, data: Path, port: int, admit: Admit) -> None:
        self._give, self._admit = answer, admit
        self._layout = load_layout(__package__)
        own = data / "keys" / "lines" / PARTY
        authority = Authority(own / "authority")
        self._centre = data / "counterparts" / PARTY
        authority.issue_client(self._centre / "certificates", PARTY)
        self._store = Store(own / "line.sqlite3", ())
        self._line = LineServer(
            self._answer,
            port=port,
            credentials=authority.issue_server(own, "city"),
            clients=frozenset({PARTY}),
            troubles=Troubles(self._store),
        )

    def start(self) -> None:
        """Open the line and tell the embedded centre where it is."""
        self._line.start()
        write_atomic(self._centre / ADDRESS_FILE, json.dumps({"port": self._line.port}).encode())

    def stop(self) -> None:
        """Close the line."""
        self._line.stop()
        self._store.close()

    def _answer(self, request: LineRequest) -> LineAnswer:
        try:
            message = self._layout.decode(request.body)
        except MessageError as error:
            return LineAnswer(422, json.dumps({"outcome": "refused", "words": error.message}).encode())
        if message.number != request.number:
            return LineAnswer(400)
        try:
            self._admit()
        except KokunenError:  # the refusal stands in the ledger; the centre only learns that nothing is issued
            return LineAnswer(200, json.dumps({"outcome": "refused", "words": CLOSED, "pdf": ""}).encode())
        content = dict(self._give(message.kind, message.number, message.items))
        content["pdf"] = base64.b64encode(content.get("pdf") or b"").decode()
        return LineAnswer(200, json.dumps(content, ensure_ascii=False).encode())


def city_counter(answer: Answer, admit: Admit) -> CityCounter:
    """この市の窓口 — on the city's own port; named by the settings of the city."""
    return CityCounter(answer, environment.data_dir(), environment.port_base() + _PORT_AFTER_BASE, admit)
