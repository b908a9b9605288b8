"""外部機関の台帳 — one SQLite file, the whole memory of a counterpart.

Every change of state is one transaction, flushed to the disk before it counts (``synchronous=FULL``). Files are
written after the commit that announces them and can be written again from the database, so a kill between the two is
healed by the next start.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_COMMON = (
    "CREATE TABLE IF NOT EXISTS trouble (mode TEXT PRIMARY KEY, seconds REAL)",
    "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
)


class Store:
    """状態 — a connection shared by the threads of one process under one lock; ``schema`` is run once, in order.

    A later edition of a party appends statements to its schema; those a file has not seen yet run at the next start.
    """

    def __init__(self, path: Path, schema: Sequence[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        path.chmod(0o600)
        self._bring_up(schema)

    def _bring_up(self, statements: Sequence[str]) -> None:
        done = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        with self.transaction() as connection:
            for statement in (*_COMMON, *statements[done:]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(statements)}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction; nested use joins the outer one."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def next_number(self, name: str) -> int:
        """The next number of a counter, from 1; belongs to the surrounding transaction."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", (name,)
            )
            return int(connection.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()[0])

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in by SQLite."""
        with self._lock:
            self._connection.close()
