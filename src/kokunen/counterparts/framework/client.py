"""回線の呼び手 — how the city calls a party that has a line."""

from __future__ import annotations

import ssl
from types import TracebackType

import httpx

from kokunen.kernel.errors import KokunenError

from .line import CONTENT_DIGEST, MESSAGE_NUMBER, content_digest
from .pki import Credentials


class LineTrouble(KokunenError):
    """回線の障害 — no answer, a damaged one, or one to another message; the same message may be sent again.

    Whoever sends again uses the same number: the party answers a number it has seen without doing the work twice.
    """

    default_code = "line_trouble"


class LineClient:
    """回線の利用者 — one connection pool to one party, with the city's certificate."""

    def __init__(self, base_url: str, credentials: Credentials, *, seconds: float = 30) -> None:
        context = ssl.create_default_context(cafile=str(credentials.authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(credentials.certificate, credentials.key)
        self._http = httpx.Client(base_url=base_url, verify=context, timeout=seconds, trust_env=False)

    def send(self, method: str, path: str, *, number: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one message and give (status, body) of its answer. Raises LineTrouble when there is no sound answer."""
        headers = {MESSAGE_NUMBER: number, CONTENT_DIGEST: content_digest(body)}
        try:
            response = self._http.request(method, path, content=body, headers=headers)
        except httpx.TransportError:
            raise LineTrouble(
                "相手方の回線から応答がありません", field="line", hint="時間をおいて、同じ番号で送り直してください。"
            ) from None
        if response.headers.get(CONTENT_DIGEST) != content_digest(response.content):
            raise LineTrouble("相手方の応答が壊れています", field="line", hint="同じ番号で送り直してください。")
        if response.status_code != 403 and response.headers.get(MESSAGE_NUMBER) != number:
            raise LineTrouble("別の電文への応答が返りました", field="line", hint="同じ番号で送り直してください。")
        return response.status_code, response.content

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> LineClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
