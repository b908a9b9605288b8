"""市役所の運転: kokunen up, down, status, migrate, reset: the city hall as a whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import ANSWER_IS_NO, JsonOption, refuse_outside_demo, say, table, write, write_json

if TYPE_CHECKING:
    from kokunen.common_platform.operations.embedded_postgres import Cluster
    from kokunen.common_platform.operations.run_folder import CityState, RunFolder
    from kokunen.common_platform.operations.supervisor import Supervisor

_PANEL = "市役所を動かす"
_NOT_THE_CITYS = ("test", "bench")  # clusters of the tests and of the measurements, which may be at work
_DETACHED_SECONDS = 1800  # the first start of a very large city


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (up, down, status, migrate, reset):
        app.command(command.__name__, rich_help_panel=_PANEL)(command)


def up(
    detach: Annotated[bool, typer.Option("--detach", "-d", help="背後で動かし、準備ができたら戻る")] = False,
    json_output: JsonOption = False,
) -> None:
    """市役所を起動する。初回はデータベースとデモの市もつくる。Ctrl-C で終了する。"""
    _check_environment()
    folder = _folder()
    if detach:
        _start_detached(folder)
        state = folder.read()
        if state is not None:
            _announce(state, _demo_accounts(), json_output)
        return
    from kokunen.common_platform.operations.supervisor import StepFailed

    from .start_up import prepare

    cluster = city_cluster()
    supervisor = _supervisor(folder, cluster)
    try:
        supervisor.run(
            lambda: prepare(supervisor, cluster), lambda state: _announce(state, _demo_accounts(), json_output)
        )
    except StepFailed as error:
        say(f"起動の準備に失敗しました（{error}）。上の記録を確かめてください。")
        raise typer.Exit(ANSWER_IS_NO) from None


def down(json_output: JsonOption = False) -> None:
    """動いている市役所を順に止める。止まっていれば何もしない。"""
    import psutil

    from kokunen.common_platform.operations.supervisor import end_leftovers

    folder = _folder()
    state = folder.read()
    if folder.is_locked() and state is not None and state.is_supervised:
        supervisor = psutil.Process(state.pid)
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait()
    elif state is not None:  # the supervisor was killed: what it left behind is ended here
        end_leftovers(state)
        folder.clear()
    cluster = city_cluster()
    if cluster is not None and not folder.is_locked():
        cluster.stop()
    write_json({"state": "stopped"}) if json_output else write("市役所は止まっています。")


def status(json_output: JsonOption = False) -> None:
    """各プロセスの状態を示す。すべて動いていれば終了状態0、そうでなければ1。"""
    document = _status()
    if json_output:
        write_json(document)
    else:
        keys = ("label", "name", "state", "pid", "restarts")
        rows = [["" if p[key] is None else str(p[key]) for key in keys] for p in document["processes"]]
        title = f"{document['address']}  {document['state']}" if document["address"] else document["state"]
        table(title, ["プロセス", "名前", "状態", "番号", "再起動"], rows)
    if not document["ready"]:
        raise typer.Exit(ANSWER_IS_NO)


def migrate() -> None:
    """役割、スキーマ、表、連携のビューを用意する。何度行ってもよい。"""
    cluster = city_cluster()
    stop_afterwards = cluster is not None and not cluster.is_running()
    if cluster is not None:
        cluster.start()
    try:
        done = subprocess.run([sys.executable, "-m", "kokunen.config.provision"], check=False)
    finally:
        if cluster is not None and stop_afterwards:
            cluster.stop()
    if done.returncode != 0:
        say("データベースの用意に失敗しました。上の記録を確かめてください。")
        raise typer.Exit(ANSWER_IS_NO)


def reset(
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに消す")] = False,
) -> None:
    """デモの市のデータをすべて消す。次の起動で新しい市ができる。"""
    refuse_outside_demo("reset")
    from kokunen.config import environment

    data = environment.data_dir()
    if not data.exists():
        say(f"{data} はありません。消すものはありません。")
        return
    if not _is_city_folder(data):
        say(f"{data} は kokunen のデータフォルダではないため、消しません。KOKUNEN_DATA を確かめてください。")
        raise typer.Exit(ANSWER_IS_NO)
    if not yes and not typer.confirm(f"{data} にあるデモの市のデータをすべて消しますか", err=True):
        raise typer.Exit(ANSWER_IS_NO)
    down()
    for entry in data.iterdir():
        if entry.name in _NOT_THE_CITYS:
            continue
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    say(f"{data} のデモの市を消しました。")


# ---- the parts -------------------------------------------------------------------------------------------------------


def _check_environment() -> None:
    """Refuse a wrong variable before anything is started. Raises InputError."""
    from kokunen.common_platform.operations import clock
    from kokunen.config import environment

    for read in (
        environment.mode,
        environment.web_port,
        environment.port_base,
        environment.database_address,
        environment.city_size,
        environment.city_seed,
        environment.served_subsystems,
        environment.records_port,
        environment.second_factor,
        clock.today,
    ):
        read()


def _folder() -> RunFolder:
    from kokunen.common_platform.operations.run_folder import RunFolder
    from kokunen.config import environment

    return RunFolder(environment.data_dir() / "run")


def city_cluster() -> Cluster | None:
    """The city's own database; None when it uses a server named in KOKUNEN_DATABASE_URL."""
    from kokunen.common_platform.operations.embedded_postgres import Cluster
    from kokunen.config import environment

    if os.environ.get("KOKUNEN_DATABASE_URL"):
        return None
    data = environment.data_dir()
    return Cluster(data / "database", environment.database_port(), keys_dir=data / "keys")


def _supervisor(folder: RunFolder, cluster: Cluster | None) -> Supervisor:
    from kokunen.common_platform.operations.processes import COUNTERPARTS, city_processes
    from kokunen.common_platform.operations.supervisor import Supervisor
    from kokunen.config import environment

    data = environment.data_dir()
    # Every process of the city finds the same folder, wherever it is started from.
    os.environ["KOKUNEN_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kokunen.config.settings"
    plans = city_processes(
        data,
        environment.web_port(),
        environment.port_base(),
        tuple(COUNTERPARTS) if environment.is_demo() else (),
        environment.records_port(),
    )
    return Supervisor(folder, plans, cluster, data / "logs", environment.web_port(), say)


def _start_detached(folder: RunFolder) -> None:
    """Start the supervisor in a session of its own and wait until the city is ready, or tell why it is not."""
    log = folder.path.parent / "logs" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.is_locked():
        with folder.lock():
            pass  # raises with the reason
    with open(log, "ab") as output:
        begin = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "kokunen.cli", "up"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + _DETACHED_SECONDS
    while time.monotonic() < deadline:
        try:
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            state = folder.read()
            if state is not None and state.pid == process.pid and state.phase == "ready":
                return
            continue
        break
    with open(log, encoding="utf-8", errors="replace") as text:
        text.seek(begin)
        say(text.read().rstrip())
    say(f"市役所を起動できませんでした。記録: {log}")
    raise typer.Exit(ANSWER_IS_NO)


def _demo_accounts() -> list[dict[str, Any]]:
    """One sign-in per role of a demo city; nothing in production."""
    from .start_up import accounts_file

    file = accounts_file()
    accounts: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    seen: set[str] = set()
    chosen = []
    for account in accounts:
        if not seen.issuperset(account["roles"]):
            seen.update(account["roles"])
            chosen.append(account)
    return chosen


def _announce(state: CityState, accounts: list[dict[str, Any]], json_output: bool) -> None:
    if json_output:
        processes = [{"name": p.name, "label": p.label, "state": p.state, "pid": p.pid} for p in state.processes]
        write_json(
            {
                "state": "ready",
                "ready": True,
                "address": state.address,
                "pension_records_address": _records_address(),
                "processes": processes,
                "accounts": accounts,
            }
        )
        return
    if accounts:
        rows = [[a["username"], a["password"], a["staff_name"], a["office"], "、".join(a["roles"])] for a in accounts]
        table("デモの市の職員（役割ごと）", ["職員番号", "パスワード", "氏名", "所属", "役割"], rows)
    write(f"市役所が開きました: {state.address}")
    write(f"社会保険オンライン: {_records_address()}（操作者 online1、管理者 nenkin9）")
    write("終了するには Ctrl-C（背後で動いているときは kokunen down）。")


def _records_address() -> str:
    """Where 社会保険オンライン is opened: by the name that passkeys are bound to."""
    from kokunen.config import environment

    return f"http://{environment.passkey_host()}:{environment.records_port()}/"


def _status() -> dict[str, Any]:
    from kokunen.common_platform.operations import health
    from kokunen.common_platform.operations.processes import WEB, ask
    from kokunen.config import environment

    folder, cluster = _folder(), city_cluster()
    state = folder.read()
    supervised = state is not None and state.is_supervised
    processes: list[dict[str, Any]] = []
    if cluster is not None:
        running = cluster.is_running()
        processes.append(
            {
                "name": "database",
                "label": "データベース",
                "state": "running" if running else "stopped",
                "pid": cluster.pid(),
                "restarts": 0,
            }
        )
    for process in state.processes if state else []:
        shown = process.state if process.is_alive or process.state != "running" else "stopped"
        if shown == "running" and process.name != WEB and not health.is_up(process, folder.path):
            shown = "silent"
        processes.append(
            {
                "name": process.name,
                "label": process.label,
                "state": shown,
                "pid": process.pid,
                "restarts": process.restarts,
                "log": process.log,
            }
        )
    ready = supervised and ask(environment.web_port(), "/healthz")[0] == 200
    ready = ready and all(process["state"] == "running" for process in processes)
    phase = state.phase if state is not None and supervised else ("broken" if state else "stopped")
    return {
        "state": "ready" if ready else ("starting" if phase == "ready" else phase),
        "ready": ready,
        "address": state.address if state is not None and supervised else None,
        "processes": processes,
    }


def _is_city_folder(data: Path) -> bool:
    """True when a city wrote here and nothing else lives here: a slip in KOKUNEN_DATA must not cost a home folder."""
    here = Path.cwd().resolve()
    holds_more = data in (Path.home().resolve(), here, *here.parents) or (data / ".git").exists()
    return not holds_more and ((data / "run").is_dir() or (data / "keys").is_dir() or not any(data.iterdir()))
