"""接続の保存: Django session engine over `StaffSession` (SESSION_ENGINE).

Only a signed-in session is stored; before sign-in there is no row and no cookie. An ended row is never loaded again,
but the store keeps it in `row` so that the next page can say why the session ended.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase
from django.http import HttpRequest
from django.utils import timezone

from kokunen.common_platform.portal.models import StaffSession


def hash_of_key(session_key: str) -> str:
    """What the database holds of the key in the cookie."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def store_of(request: HttpRequest) -> SessionStore:
    """The store behind `request.session`."""
    store = request.session
    assert isinstance(store, SessionStore)
    return store


class SessionStore(SessionBase):
    """Session of one sign-in."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: StaffSession | None = None

    def load(self) -> dict[str, Any]:
        """Data of the live row; an unknown or ended key gives an empty, new session."""
        if self.session_key:
            self.row = (
                StaffSession.objects.select_related("staff").filter(key_hash=hash_of_key(self.session_key)).first()
            )
        if self.row is None or not self.row.is_live:
            self._session_key = None
            return {}
        return dict(self.decode(self.row.data))

    def exists(self, session_key: str) -> bool:
        """Has this key been given out?"""
        return StaffSession.objects.filter(key_hash=hash_of_key(session_key)).exists()

    def create(self) -> None:
        """A new key with an empty row."""
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self._session_cache: dict[str, Any] = {}
        self.modified = True
        self.save(must_create=True)

    def save(self, must_create: bool = False) -> None:
        """Write the data; only an existing, live row is updated, and never its times."""
        if self.session_key is None:
            return self.create()
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if must_create:
            now = timezone.now()
            row, created = StaffSession.objects.get_or_create(
                key_hash=hash_of_key(self.session_key),
                defaults={"data": data, "started_at": now, "last_activity_at": now},
            )
            if not created:
                raise CreateError
            self.row = row
            return None
        live = StaffSession.objects.filter(key_hash=hash_of_key(self.session_key), ended_at__isnull=True)
        live.update(data=data)  # ended meanwhile (second sign-in, stop): nothing to keep, the next request is told why
        return None

    def delete(self, session_key: str | None = None) -> None:
        """The row stays as a record of the sign-in; what it held is emptied and it counts as ended."""
        key = session_key or self.session_key
        if key:
            StaffSession.objects.filter(key_hash=hash_of_key(key)).update(data="")
            StaffSession.objects.filter(key_hash=hash_of_key(key), ended_at__isnull=True).update(
                ended_at=timezone.now()
            )

    def forget(self) -> None:
        """Leave the row to its end and go on without a session."""
        self._session_key = None
        self._session_cache = {}
        self.accessed = True
        self.modified = False

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing to clear: rows end by rule and are kept as records."""
