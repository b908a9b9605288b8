"""控えと復元: the whole city in one folder, and the city as it was from that folder.

A copy holds the database (one consistent moment, with the number of rows of every table at that moment), the files of
the city and, apart from them and to be kept apart, its keys. It is written under a draft name and renamed when it is
whole. A restoration fills a database beside the one in use, compares every table with the copy, and only then puts it
in place: whatever fails before leaves the city as it was.

What outside parties and the second custodian hold is theirs and is in no copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, sql

from kokunen.kernel.errors import Conflict, InputError, KokunenError

from . import clock
from .embedded_postgres import bin_dir

MANIFEST, DATABASE, FILES, KEYS = "manifest.json", "database.dump", "files.tar", "keys.tar"
_FORMAT = 1
_FOLDERS = ("outbox", "inbox", "snapshots", "static")
_SINGLE = ("city.json",)


class CopyFailed(KokunenError):
    """控え・復元の失敗: nothing of the running city was changed."""


@dataclass(frozen=True, slots=True)
class Server:
    """データベースの所在: the administrator's way to it."""

    host: str
    port: int
    user: str
    password: str
    name: str

    def connect(self, dbname: str = "") -> Connection[tuple[Any, ...]]:
        """A connection (autocommit) to the city's database, or to another one."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=dbname or self.name,
            autocommit=True,
        )

    def run(self, program: str, *arguments: str) -> None:
        """A PostgreSQL program; the password goes by its environment. Raises CopyFailed."""
        done = subprocess.run(
            [str(bin_dir() / program), "-h", self.host, "-p", str(self.port), "-U", self.user, *arguments],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGPASSWORD": self.password},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CopyFailed(f"{program} が失敗しました: {done.stderr.strip()[-500:]}")


def make(server: Server, data_dir: Path, target: Path) -> dict[str, Any]:
    """控えを作る: into the folder ``target``, which must not exist; gives the manifest. The city may be at work."""
    if target.exists():
        raise Conflict(f"{target} は既にあります", hint="別の場所を指定してください。")
    began, draft = time.monotonic(), target.with_name(f".{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        rows = _dump(server, draft / DATABASE)
        _pack(data_dir, [*_FOLDERS, *_SINGLE], draft / FILES)
        _pack(data_dir, ["keys"], draft / KEYS)
        parts = {name: _facts(draft / name) for name in (DATABASE, FILES, KEYS)}
        manifest = {
            "format": _FORMAT,
            "taken_at": clock.now().isoformat(timespec="seconds"),
            "business_date": clock.today().isoformat(),
            "database": server.name,
            "rows": rows,
            "parts": parts,
            "seconds": round(time.monotonic() - began, 2),
        }
        (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def read_manifest(copy: Path) -> dict[str, Any]:
    """控えの目録を読み、全部そろっているかを確かめる. Raises InputError for a copy that is not whole."""
    try:
        manifest: dict[str, Any] = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(
            f"{copy} は控えではありません（{MANIFEST} が読めません）",
            "copy",
            hint="kokunen backup が書いたフォルダを指定してください。",
        ) from None
    if manifest.get("format") != _FORMAT:
        raise InputError("控えの形式の版が違います", "copy", hint="この控えを作った版の kokunen で復元してください。")
    for name, facts in manifest["parts"].items():
        path = copy / name
        if name == KEYS and not path.exists():
            continue  # kept apart; a city that has its keys does not need them
        if not path.exists() or _facts(path) != facts:
            raise InputError(
                f"控えの {name} が欠けているか、目録のハッシュと合いません",
                "copy",
                code="damaged",
                hint="ほかの控えを使ってください。今の市は変わっていません。",
            )
    return manifest


def restore(server: Server, data_dir: Path, copy: Path, prepare: Mapping[str, str]) -> dict[str, Any]:
    """復元する: the database is filled beside the present one, compared, and put in its place; then the files.

    ``prepare`` is the SQL (by role name) that makes sure that the roles exist. Gives what was restored.
    """
    manifest, began = read_manifest(copy), time.monotonic()
    fresh, old = f"{server.name}_restoring", f"{server.name}_before_restore"
    with server.connect("postgres") as admin:
        for role, statement in prepare.items():
            if not admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                admin.execute(statement.encode())
        _drop(admin, fresh)
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(fresh)))
        try:
            server.run("pg_restore", "--exit-on-error", "-d", fresh, str(copy / DATABASE))
            _compare(server, fresh, manifest["rows"])
            _let_in(admin, fresh, list(prepare))
        except BaseException:
            _drop(admin, fresh)
            raise
        _drop(admin, old)
        if admin.execute("select 1 from pg_database where datname = %s", [server.name]).fetchone():
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [server.name])
            _rename(admin, server.name, old)
        _rename(admin, fresh, server.name)
        _drop(admin, old)
    _unpack(copy / FILES, data_dir)
    return {
        "restored_from": str(copy),
        "taken_at": manifest["taken_at"],
        "tables": len(manifest["rows"]),
        "rows": sum(manifest["rows"].values()),
        "seconds": round(time.monotonic() - began, 2),
    }


# ---- the parts -------------------------------------------------------------------------------------------------------


def _dump(server: Server, target: Path) -> dict[str, int]:
    """The dump, and the rows of every table in the same snapshot."""
    with server.connect() as watcher:
        watcher.execute("begin isolation level repeatable read")
        row = watcher.execute("select pg_export_snapshot()").fetchone()
        assert row is not None
        server.run("pg_dump", "-Fc", "-Z", "1", f"--snapshot={row[0]}", "-f", str(target), server.name)
        rows = _rows(watcher)
        watcher.execute("commit")
    return rows


def _rows(connection: Connection[tuple[Any, ...]]) -> dict[str, int]:
    tables = connection.execute(
        "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') "
        "order by 1, 2"
    ).fetchall()
    counted: dict[str, int] = {}
    for schema, table in tables:
        row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))).fetchone()
        counted[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counted


def _compare(server: Server, dbname: str, expected: Mapping[str, int]) -> None:
    with server.connect(dbname) as connection:
        found = _rows(connection)
    if found != expected:
        different = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
        raise CopyFailed(
            f"復元した表の行数が控えと合いません: {', '.join(different[:5])}",
            hint="今の市は変わっていません。ほかの控えを使ってください。",
        )


def _let_in(admin: Connection[tuple[Any, ...]], name: str, roles: list[str]) -> None:
    """Rights on a database itself are in no dump."""
    admin.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
    for role in roles:
        admin.execute(
            sql.SQL("grant connect, temporary on database {} to {}").format(sql.Identifier(name), sql.Identifier(role))
        )


def _drop(admin: Connection[tuple[Any, ...]], name: str) -> None:
    admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _rename(admin: Connection[tuple[Any, ...]], name: str, new: str) -> None:
    admin.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(new)))


def _pack(data_dir: Path, names: list[str], target: Path) -> None:
    with tarfile.open(target, "w") as archive:
        for name in names:
            if (data_dir / name).exists():
                archive.add(data_dir / name, arcname=name)
    target.chmod(0o600)


def _unpack(source: Path, data_dir: Path) -> None:
    if source.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        with tarfile.open(source) as archive:
            archive.extractall(data_dir, filter="data")


def unpack_keys(copy: Path, data_dir: Path) -> None:
    """鍵を戻す: on a machine that has none yet. Raises InputError when the copy of the keys is elsewhere."""
    if not (copy / KEYS).exists():
        raise InputError(
            f"この市には鍵がなく、控えにも {KEYS} がありません", "copy", hint="別に保管した鍵を戻してください。"
        )
    _unpack(copy / KEYS, data_dir)


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": os.stat(path).st_size, "sha256": digest}
