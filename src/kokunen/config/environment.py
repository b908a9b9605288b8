"""環境変数: what the environment of the process says, read once a call and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kokunen.kernel.errors import InputError

DEMO, PRODUCTION = "demo", "production"
SECOND_FACTORS = ("offered", "administrators", "everyone")
_HIGHEST_FIXED_PORT = 32767  # ephemeral ports begin above: a fixed port there is sometimes already taken


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """データベースの所在: where PostgreSQL listens and which administrator may provision it."""

    host: str
    port: int
    name: str
    admin_user: str
    admin_password: str | None


def data_dir() -> Path:
    """書き込み先: everything that the running city writes stands below this folder."""
    return Path(os.environ.get("KOKUNEN_DATA", "var")).resolve()


def mode() -> str:
    """稼働区分: `demo` or `production`."""
    value = os.environ.get("KOKUNEN_MODE", DEMO)
    if value not in (DEMO, PRODUCTION):
        raise InputError(
            f"KOKUNEN_MODE は demo か production を指定してください（現在の値: {value}）", field="KOKUNEN_MODE"
        )
    return value


def is_demo() -> bool:
    """Is this a demo city (synthetic people, KOKUNEN_TODAY honoured, accounts printed)?"""
    return mode() == DEMO


def web_port() -> int:
    """Port of the web server on the loopback address."""
    return _number("KOKUNEN_PORT", 8000, 1, 65535)


def port_base() -> int:
    """First of the ports for the database and the counterparts."""
    return _port("KOKUNEN_PORT_BASE", 18000)


def database_port() -> int:
    """Port of the embedded PostgreSQL: the first one of the block."""
    return port_base()


def records_port() -> int:
    """Port of 社会保険オンライン (S7), a program of its own: KOKUNEN_RECORDS_PORT, else seven above the database's."""
    default = port_base() + 7  # after the database and the counter of the certificate centre
    return _number("KOKUNEN_RECORDS_PORT", default + 1 if default == web_port() else default, 1, 65535)


def passkey_host() -> str:
    """Host name that passkeys are bound to (an address in figures cannot be one): KOKUNEN_PASSKEY_HOST."""
    return os.environ.get("KOKUNEN_PASSKEY_HOST", "localhost")


def second_factor() -> str:
    """Who needs a passkey beside the password: KOKUNEN_SECOND_FACTOR, one of SECOND_FACTORS.

    `offered`: whoever registered one, or asks for it (demo city). `administrators`: also every administrator and
    operator, because the others' second factor lives at the terminal. `everyone`: all staff.
    """
    value = os.environ.get("KOKUNEN_SECOND_FACTOR", "offered" if is_demo() else "administrators")
    allowed = SECOND_FACTORS if is_demo() else SECOND_FACTORS[1:]
    if value not in allowed:
        raise InputError(
            f"KOKUNEN_SECOND_FACTOR は {'、'.join(allowed)} のどれかを指定してください（現在の値: {value}）",
            field="KOKUNEN_SECOND_FACTOR",
        )
    return value


def city_size() -> int:
    """Residents of the demo city."""
    return _number("KOKUNEN_CITY_SIZE", 6000, 1, 6_000_000)


def city_seed() -> int:
    """Seed of the demo city: same seed and size, same city."""
    return _number("KOKUNEN_SEED", 1, 0, 2**63 - 1)


def database_address() -> DatabaseAddress:
    """The embedded cluster, or the server named in KOKUNEN_DATABASE_URL."""
    url = os.environ.get("KOKUNEN_DATABASE_URL")
    name = os.environ.get("KOKUNEN_DATABASE_NAME", "kokunen")
    if not url:
        return DatabaseAddress("127.0.0.1", database_port(), name, "postgres", None)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.hostname:
        raise InputError(
            "KOKUNEN_DATABASE_URL は postgresql://利用者:パスワード@ホスト:ポート/データベース の形で指定してください",
            field="KOKUNEN_DATABASE_URL",
        )
    return DatabaseAddress(
        parts.hostname,
        parts.port or 5432,
        parts.path.lstrip("/") or name,
        unquote(parts.username or "postgres"),
        unquote(parts.password) if parts.password else None,
    )


def served_subsystems() -> tuple[str, ...]:
    """Aliases that this process serves; it needs only their passwords. By default all of the city hall's program."""
    from kokunen.config.subsystems import SUBSYSTEMS

    alias_of = {s.schema: s.alias for s in SUBSYSTEMS if not s.stands_alone}
    text = os.environ.get("KOKUNEN_SUBSYSTEMS", "all").strip()
    if text in ("", "all"):
        return tuple(alias_of.values())
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [name for name in wanted if name not in alias_of]
    if unknown:
        raise InputError(
            f"KOKUNEN_SUBSYSTEMS に知らないサブシステムがあります: {', '.join(unknown)}"
            f"（使える名前: {', '.join(alias_of)}）",
            field="KOKUNEN_SUBSYSTEMS",
        )
    return tuple(alias_of[name] for name in wanted)


def _port(name: str, default: int) -> int:
    return _number(name, default, 1024, _HIGHEST_FIXED_PORT)


def _number(name: str, default: int, low: int, high: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise InputError(f"{name} は {low} から {high} までの整数で指定してください（現在の値: {text}）", field=name)
    return int(text)
