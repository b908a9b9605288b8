"""操作口 — health and trouble commands of a counterpart, on loopback only.

``GET /healthz`` is open; everything else needs the token that the process writes into ``control.json`` of its own data
folder (readable by its owner only) at every start. The city never uses this door: it is for whoever runs the demo, for
`kokunen counterpart` and for tests.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

from kokunen.kernel.errors import InputError, KokunenError

from .files import write_atomic
from .trouble import Trouble, TroubleMode

CONTROL_FILE = "control.json"
_MAXIMUM_BODY = 65_536


class Controlled(Protocol):
    """操作される側 — what the control endpoint asks of a running party."""

    @property
    def name(self) -> str:
        """Name of the party."""

    def health(self) -> dict[str, Any]:
        """Readiness, without personal data."""

    def state(self) -> dict[str, Any]:
        """Counts for operators, without personal data."""

    def order(self, trouble: Trouble) -> None:
        """Let a trouble begin."""

    def heal(self) -> None:
        """Let every trouble end and catch up."""

    def work_now(self) -> dict[str, Any]:
        """One round of work now; what it did."""

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A command of this party only. Raises InputError for an unknown one."""


class ControlServer:
    """操作口のサーバ — a small HTTP server on 127.0.0.1 with a token of its own."""

    def __init__(self, party: Controlled, data: Path, port: int) -> None:
        self._token = secrets.token_urlsafe(32)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(party, self._token))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._file = data / CONTROL_FILE
        self._party = party.name
        self._thread = threading.Thread(target=self._server.serve_forever, name="control", daemon=True)

    def start(self, process_id: int) -> None:
        """Begin to serve, then publish port and token in the data folder."""
        self._thread.start()
        content = {"party": self._party, "port": self.port, "token": self._token, "pid": process_id}
        write_atomic(self._file, json.dumps(content).encode())

    def stop(self) -> None:
        """Stop serving and take the published file back."""
        self._file.unlink(missing_ok=True)
        self._server.shutdown()
        self._server.server_close()


def _handler(party: Controlled, token: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, format: str, *args: Any) -> None:
            return  # requests here carry the token; what matters is in the party's own state

        def do_GET(self) -> None:
            if self.path == "/healthz":
                self._send(200, party.health())
            elif self._allowed() and self.path == "/state":
                self._send(200, party.state())
            elif self._allowed():
                self._send(404, {"error": "このような操作はありません。"})

        def do_POST(self) -> None:
            body = self._body()
            if not self._allowed() or body is None:
                return
            try:
                self._send(200, _dispatch(party, self.path, body))
            except KokunenError as error:
                self._send(422, {"error": error.message, "field": error.field, "hint": error.hint})

        def _allowed(self) -> bool:
            given = self.headers.get("Authorization", "")
            if secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
                return True
            self._send(401, {"error": "操作用の鍵が違います。"})
            return False

        def _body(self) -> dict[str, Any] | None:
            length = self.headers.get("Content-Length", "0")
            if not length.isdigit() or int(length) > _MAXIMUM_BODY:
                self.close_connection = True
                self._send(413, {"error": "要求が大きすぎます。"})
                return None
            try:
                body = json.loads(self.rfile.read(int(length)) or b"{}")
            except ValueError:
                body = None
            if not isinstance(body, dict):
                self._send(400, {"error": "要求はJSONのオブジェクトで送ってください。"})
                return None
            return body

        def _send(self, status: int, content: Mapping[str, Any]) -> None:
            data = json.dumps(content, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(data)

    return Handler


def _dispatch(party: Controlled, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    if path == "/trouble":
        party.order(_trouble(body))
    elif path == "/heal":
        party.heal()
    elif path == "/work":
        return party.work_now()
    else:
        return party.command(path.removeprefix("/"), body)
    return party.health()


def _trouble(body: Mapping[str, Any]) -> Trouble:
    try:
        mode = TroubleMode(str(body.get("mode", "")))
    except ValueError:
        names = "・".join(TroubleMode)
        raise InputError("障害の種類が違います", field="mode", hint=f"{names} のどれかを指定してください。") from None
    seconds = body.get("seconds")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int | float)):
        raise InputError("遅延の秒数が数ではありません", field="seconds", hint="秒数を数で指定してください。")
    return Trouble(mode, seconds, str(body.get("at", "")))


@dataclass(frozen=True, slots=True)
class ControlClient:
    """操作口の利用者 — used by `kokunen counterpart PARTY …` and by tests; finds port and token in the data folder."""

    data: Path

    def health(self) -> dict[str, Any]:
        """Readiness of the party. Raises InputError when no process answers."""
        return self._call("GET", "/healthz")

    def state(self) -> dict[str, Any]:
        """Counts of the party."""
        return self._call("GET", "/state")

    def order(self, mode: TroubleMode | str, *, seconds: float | None = None, at: str = "") -> dict[str, Any]:
        """Order a trouble."""
        return self._call("POST", "/trouble", {"mode": str(mode), "seconds": seconds, "at": at})

    def heal(self) -> dict[str, Any]:
        """End every trouble."""
        return self._call("POST", "/heal")

    def work(self) -> dict[str, Any]:
        """Have the party do one round of work now and say what it did."""
        return self._call("POST", "/work")

    def command(self, name: str, **body: Any) -> dict[str, Any]:
        """A command of this party only."""
        return self._call("POST", f"/{name}", body)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        import httpx  # half of a party's start went into it, and a party only listens here

        published = self.data / CONTROL_FILE
        try:
            content = json.loads(published.read_text())
            response = httpx.request(
                method,
                f"http://127.0.0.1:{content['port']}{path}",
                headers={"Authorization": f"Bearer {content['token']}"},
                json=body if method == "POST" else None,
                timeout=60,
                trust_env=False,
            )
        except (OSError, httpx.TransportError):
            raise InputError(
                "外部機関のプロセスが動いていません", field="party", hint="kokunen up で起動してから操作してください。"
            ) from None
        answer: dict[str, Any] = response.json()
        if response.status_code != 200:
            raise InputError(answer["error"], field=answer.get("field", ""), hint=answer.get("hint", ""))
        return answer
