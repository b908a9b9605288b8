"""証明書交付センターのプロセス — kiosks that ask the city, and ask again under the same number when the line fails.

What was printed is reported to the city until it is noted there (``work``).
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from kokunen.kernel.errors import InputError

from ..framework.city import load_city
from ..framework.client import LineClient, LineTrouble
from ..framework.messages import Message, load_layout
from ..framework.pki import Credentials
from ..framework.process import Counterpart

_PARTY = "certificate_centre"
_TRIES = 3


class CertificateCentre(Counterpart):
    """証明書交付センター"""

    name: ClassVar[str] = _PARTY
    label: ClassVar[str] = "証明書交付センター"
    schema: ClassVar[tuple[str, ...]] = (
        """CREATE TABLE request (
            number TEXT PRIMARY KEY, outcome TEXT NOT NULL, serial TEXT NOT NULL, milliseconds INTEGER NOT NULL,
            reported INTEGER NOT NULL DEFAULT 0
        )""",
    )

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``request`` {"resident_code", "certificate", "number"?}: a kiosk asks the city; gives the outcome."""
        if name != "request":
            return super().command(name, body)
        number = str(body.get("number") or f"KC{self.store.next_number('request'):010}")
        items = {"resident_code": str(body["resident_code"]), "certificate": str(body.get("certificate", "11"))}
        began = time.perf_counter()
        content = self._send("1001", number, {**items, "store": "キヨスク001"})
        spent = round((time.perf_counter() - began) * 1000)
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO request (number, outcome, serial, milliseconds) VALUES (?, ?, ?, ?)",
                (number, content["outcome"], content.get("serial", ""), spent),
            )
        pdf = base64.b64decode(content.get("pdf", ""))
        shown = {key: content.get(key, "") for key in ("outcome", "serial", "words")}
        return {**shown, "number": number, "milliseconds": spent, "is_pdf": pdf.startswith(b"%PDF")}

    def work(self) -> dict[str, Any]:
        """Report what was printed."""
        done = 0
        for row in self.store.rows("SELECT number FROM request WHERE reported = 0 AND outcome = 'issued'"):
            try:
                self._send("1002", f"{row['number']}-R", {"request": row["number"], "printed": "1"})
            except (InputError, LineTrouble):
                break
            with self.store.transaction() as connection:
                connection.execute("UPDATE request SET reported = 1 WHERE number = ?", (row["number"],))
            done += 1
        return {"reported": done}

    def counts(self) -> dict[str, Any]:
        rows = self.store.rows("SELECT outcome, COUNT(*) AS n FROM request GROUP BY outcome")
        return {"requests": {row["outcome"]: row["n"] for row in rows}}

    def _send(self, kind: str, number: str, items: Mapping[str, Any]) -> dict[str, Any]:
        at = datetime.now(ZoneInfo("Asia/Tokyo")).isoformat(timespec="seconds")
        message = Message(kind, number, items, self.name, load_city().municipality, at)
        body = load_layout(__package__).encode(message)
        for attempt in range(_TRIES):
            try:
                with self._client() as client:
                    status, answer = client.send("POST", "/requests", number=number, body=body)
            except LineTrouble:
                if attempt == _TRIES - 1:
                    raise
                continue
            content: dict[str, Any] = json.loads(answer or b"{}")
            if status == 200:
                return content
            raise InputError(content.get("words", "市が要求を受け付けません"), field="request")
        raise LineTrouble("市の回線から応答がありません")

    def _client(self) -> LineClient:
        folder = self.data / "certificates"
        try:
            port = json.loads((self.data / "city.json").read_text())["port"]
        except (OSError, ValueError, KeyError):
            raise InputError("市の窓口が開いていません", field="request", hint="市の状態を確かめます。") from None
        credentials = Credentials(folder / f"{_PARTY}.pem", folder / f"{_PARTY}.key.pem", folder / "authority.pem")
        return LineClient(f"https://127.0.0.1:{port}", credentials, seconds=20)
