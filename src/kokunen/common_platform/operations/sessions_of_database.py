"""専用の接続: a plain connection with the platform's login, for locks that must last as long as a process works.

Django's own connections are busy with the work and may be closed by it; a lock of a session must not go with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection


def open_session(purpose: str) -> Connection[tuple[Any, ...]]:
    """A connection of its own (autocommit) as the platform's role."""
    from django.db import connections

    settings = connections["default"].settings_dict
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        application_name=f"kokunen {purpose}",
        autocommit=True,
    )


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Hold the lock ``name`` while the block runs; gives False when another session has it."""
    with open_session("lock") as session:
        yield try_hold(session, name)


def try_hold(session: Connection[tuple[Any, ...]], name: str) -> bool:
    """Take the lock for the life of ``session``; False when another session has it."""
    row = session.execute("select pg_try_advisory_lock(%s)", [_key(name)]).fetchone()
    return bool(row and row[0])


def let_go(session: Connection[tuple[Any, ...]], name: str) -> None:
    """Give the lock back before the session ends."""
    session.execute("select pg_advisory_unlock(%s)", [_key(name)])


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
