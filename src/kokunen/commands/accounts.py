"""職員と接続先: kokunen accounts, kokunen dsn: who can sign in to a demo city, and how a tool reaches a schema."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from .console import JsonOption, refuse_outside_demo, set_up_django, table, write, write_json

_PANEL = "デモの市"


def add_commands(app: typer.Typer) -> None:
    """Add ``accounts`` and ``dsn`` to the command."""
    app.command("accounts", rich_help_panel=_PANEL)(accounts)
    app.command("dsn", rich_help_panel=_PANEL)(dsn)


def accounts(json_output: JsonOption = False) -> None:
    """デモの市の職員アカウントを一覧にする。"""
    refuse_outside_demo("accounts")
    set_up_django()
    from kokunen.common_platform.portal.demo import list_accounts

    found = list_accounts()
    if json_output:
        write_json(found)
        return
    rows = [
        [str(a["username"]), str(a["password"]), str(a["staff_name"]), str(a["office"]), "、".join(a["roles"])]
        for a in found
    ]
    table("職員アカウント", ["職員番号", "パスワード", "氏名", "所属", "役割"], rows)


def dsn(
    subsystem: Annotated[str, typer.Argument(metavar="SUBSYSTEM", help="サブシステム（例: national_pension）")],
) -> None:
    """サブシステムのデータベース役割の接続文字列を書く。"""
    refuse_outside_demo("dsn")
    from kokunen.config import environment, keys
    from kokunen.config.subsystems import BY_SCHEMA

    if subsystem not in BY_SCHEMA:
        raise typer.BadParameter(
            f"サブシステム「{subsystem}」はありません。使える名前: {', '.join(BY_SCHEMA)}", param_hint="SUBSYSTEM"
        )
    role, address = BY_SCHEMA[subsystem].role, environment.database_address()
    password = quote(keys.role_password(role), safe="")
    write(f"postgresql://{role}:{password}@{address.host}:{address.port}/{quote(address.name, safe='')}")
