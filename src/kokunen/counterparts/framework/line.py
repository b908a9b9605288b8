"""回線 — HTTPS with client certificates, for parties that have a line.

TLS 1.3 only; a caller without a certificate of the authority, with one made for servers, with an expired one, or whose
name is not on the party's list gets no answer. Every message carries a number; the answer repeats it and carries the
digest of its body (RFC 9530), so that the caller can tell a damaged or a stale answer from a right one.
"""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .pki import Credentials
from .trouble import TroubleMode, Troubles, damage

MESSAGE_NUMBER = "X-Message-Number"
CONTENT_DIGEST = "Content-Digest"
MAXIMUM_BODY = 16 * 1024 * 1024
_HANDSHAKE_SECONDS = 10
_IDLE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class LineRequest:
    """着信 — one message as the party sees it; ``client`` is the name in the caller's certificate."""

    client: str
    method: str
    path: str
    number: str
    body: bytes


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """応答 — status, body and its type."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"


def content_digest(body: bytes) -> str:
    """The Content-Digest header of a body (RFC 9530, sha-256)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


class _TlsServer(ThreadingHTTPServer):
    """The handshake runs in the connection's own thread: a silent caller must not keep others waiting."""

    daemon_threads = True

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self._context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(_HANDSHAKE_SECONDS)
        try:
            secured = self._context.wrap_socket(request, server_side=True)
        except (ssl.SSLError, OSError):
            return  # refused: the caller has been told by a TLS alert
        secured.settimeout(_IDLE_SECONDS)
        try:
            super().finish_request(secured, client_address)
        finally:
            self.shutdown_request(secured)

    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # a caller that went away; nothing of the party's state depends on it


class LineServer:
    """回線のサーバ — passes each message to ``answer`` and applies the troubles that hold."""

    def __init__(
        self,
        answer: Callable[[LineRequest], LineAnswer],
        *,
        port: int,
        credentials: Credentials,
        clients: frozenset[str],
        troubles: Troubles,
    ) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(credentials.certificate, credentials.key)
        context.load_verify_locations(credentials.authority)
        self._server = _TlsServer(port, _handler(answer, clients, troubles), context)
        self._troubles = troubles
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, name="line", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving; answers that are held back are let go."""
        self._troubles.release()
        self._server.shutdown()
        self._server.server_close()


def _handler(
    answer: Callable[[LineRequest], LineAnswer], clients: frozenset[str], troubles: Troubles
) -> type[BaseHTTPRequestHandler]:
    previous: dict[str, tuple[str, LineAnswer]] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            return

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_PUT(self) -> None:
            self._serve()

        def _serve(self) -> None:
            client = _common_name(self.connection)
            if troubles.has(TroubleMode.FAIL) or client not in clients:
                self.close_connection = True
                if client not in clients:
                    self._send("", LineAnswer(403))
                return
            length = self.headers.get("Content-Length", "0")
            number = self.headers.get(MESSAGE_NUMBER, "")
            if not length.isdigit() or int(length) > MAXIMUM_BODY or not number:
                self.close_connection = True
                self._send(number, LineAnswer(400))
                return
            body = self.rfile.read(int(length))
            if self.headers.get(CONTENT_DIGEST) != content_digest(body):
                self._send(number, LineAnswer(400))
                return
            answered = answer(LineRequest(client, self.command, self.path, number, body))
            troubles.hold()
            stale = previous.get(client) if troubles.has(TroubleMode.REPEAT) else None
            previous[client] = (number, answered)
            self._send(*(stale or (number, answered)))

        def _send(self, number: str, content: LineAnswer) -> None:
            garbled = troubles.has(TroubleMode.GARBLE)
            self.send_response(content.status)
            self.send_header("Content-Type", content.content_type)
            self.send_header("Content-Length", str(len(content.body)))
            self.send_header(MESSAGE_NUMBER, number)
            self.send_header(CONTENT_DIGEST, content_digest(content.body))
            self.end_headers()
            self.wfile.write(damage(content.body) if garbled else content.body)

    return Handler


def _common_name(connection: socket.socket) -> str:
    certificate = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    subject: Any = (certificate or {}).get("subject", ())
    return next((value for part in subject for name, value in part if name == "commonName"), "")
