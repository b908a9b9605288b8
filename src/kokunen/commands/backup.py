"""控えと復元: kokunen backup, kokunen restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import ANSWER_IS_NO, JsonOption, say, write, write_json

if TYPE_CHECKING:
    from kokunen.common_platform.operations.backups import Server

_PANEL = "市役所を動かす"


def add_commands(app: typer.Typer) -> None:
    """Add ``backup`` and ``restore`` to the command."""
    for command in (backup, restore):
        app.command(command.__name__, rich_help_panel=_PANEL)(command)


def backup(
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="控えを書くフォルダ（まだないもの）")] = None,
    json_output: JsonOption = False,
) -> None:
    """市の控えを作る: データベース、ファイル、（別に保管する）鍵。動いている間でもよい。"""
    from kokunen.common_platform.operations import backups, clock
    from kokunen.config import environment

    data = environment.data_dir()
    target = (to or data / "backups" / clock.now().strftime("%Y%m%d-%H%M%S")).resolve()
    say(f"控えを作っています: {target}")
    with _running_database():
        manifest = backups.make(_server(), data, target)
    document = {"path": str(target), **manifest}
    if json_output:
        write_json(document)
        return
    rows = sum(manifest["rows"].values())
    write(f"控えを作りました: {target}（{len(manifest['rows'])}表 {rows:,}行、{manifest['seconds']}秒）")
    write("keys.tar は控えとは別の場所に保管してください。")


def restore(
    copy: Annotated[Path, typer.Argument(metavar="DIR", help="kokunen backup が書いたフォルダ")],
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに置き換える")] = False,
    json_output: JsonOption = False,
) -> None:
    """控えから市を復元する。市役所を止めてから行う。途中で失敗しても今の市はそのまま残る。"""
    from kokunen.common_platform.operations import backups
    from kokunen.common_platform.operations.run_folder import RunFolder
    from kokunen.config import environment
    from kokunen.config.provision import role_statements

    data = environment.data_dir()
    backups.read_manifest(copy)
    if RunFolder(data / "run").is_locked():
        say("市役所が動いています。kokunen down で止めてから復元してください。")
        raise typer.Exit(ANSWER_IS_NO)
    if not (yes or json_output) and not typer.confirm(f"{data} の市を控え {copy} で置き換えますか", err=True):
        raise typer.Exit(ANSWER_IS_NO)
    if not (data / "keys").exists():
        backups.unpack_keys(copy, data)  # before the first use of a secret would make a new one
    say("復元しています")
    with _running_database():
        document = backups.restore(_server(), data, copy, role_statements())
    # The next start brings the restored database to this program's shape.
    (data / "database" / "kokunen.provisioned").unlink(missing_ok=True)
    if json_output:
        write_json(document)
    else:
        write(f"復元しました: {document['tables']}表 {document['rows']:,}行（控えの時刻 {document['taken_at']}）")


def _server() -> Server:
    from kokunen.common_platform.operations.backups import Server
    from kokunen.config import environment, keys

    address = environment.database_address()
    return Server(address.host, address.port, address.admin_user, keys.admin_password(), address.name)


class _running_database:
    """The embedded cluster runs inside the block and is stopped again when it did not run before."""

    def __enter__(self) -> None:
        from .city_hall import city_cluster

        self._cluster = city_cluster()
        self._was_running = self._cluster is None or self._cluster.is_running()
        if self._cluster is not None:
            self._cluster.start()

    def __exit__(self, *_: object) -> None:
        if self._cluster is not None and not self._was_running:
            self._cluster.stop()
