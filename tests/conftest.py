"""試験の土台: a real PostgreSQL for every test that asks for one.

One loose cluster (no fsync) serves the whole run; a template database is provisioned once by the program's own
`migrate`, and each test that asks for `city_database` gets a fresh copy of it, to which every alias is pointed.
Commits are real: what one subsystem commits, another one's connection sees, as in the running city.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "kokunen"
_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30  # bytes that the template, its copies and the log need with plenty to spare


def _test_home() -> Path:
    """Where the throw-away cluster lives: in memory where there is room (a copy of the template then takes 0.03 s
    instead of 0.6 s), else beside the checkout. In memory it is shared by all checkouts of one account."""
    if given := os.environ.get("KOKUNEN_TEST_DATA"):
        return Path(given).resolve()
    home = _MEMORY / f"kokunen-test-{os.getuid()}"
    try:
        if not home.exists() and shutil.disk_usage(_MEMORY).free < _ROOM:
            return ROOT / "var" / "test"
        home.mkdir(mode=0o711, exist_ok=True)
        return home if home.stat().st_uid == os.getuid() else ROOT / "var" / "test"
    except OSError:
        return ROOT / "var" / "test"


TEST_DATA = _test_home()
TEST_PORT_BASE = os.environ.get("KOKUNEN_TEST_PORT_BASE", "18650")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
os.environ["KOKUNEN_DATA"] = str(TEST_DATA)
os.environ["KOKUNEN_PORT_BASE"] = TEST_PORT_BASE
os.environ["KOKUNEN_MODE"] = "demo"
os.environ.pop("KOKUNEN_DATABASE_URL", None)
(TEST_DATA / "static").mkdir(parents=True, exist_ok=True)

FreshCity = Callable[[], AbstractContextManager[str]]

_numbers = itertools.count(1)


def _shape() -> str:
    """Fingerprint of everything that shapes a database: a change makes a new template."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        relative = path.relative_to(PACKAGE)
        if path.suffix == ".sql" or (
            path.suffix in (".py", ".yaml")
            and (
                "migrations" in relative.parts
                or relative.parts[0] in ("config", "assessment")
                or "integration" in relative.parts
                or "models" in relative.parts
                or relative.name in ("linkage.py", "models.py")
            )
        ):
            digest.update(str(relative).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _exclusive(name: str) -> Iterator[None]:
    TEST_DATA.mkdir(parents=True, exist_ok=True)
    with (TEST_DATA / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# Files that take ten seconds and more, the longest first: begun last, one would keep a single process busy at the end.
# The city of the story is opened beside screens of this process, not beside the other city.
_LONG_FILES = (
    "browser/story/test_story.py",
    "browser/national_pension/visitors/test_claims.py",
    "browser/national_pension/visitors/test_exemptions.py",
    "browser/resident_registry/test_counter.py",
    "browser/portal/test_pages.py",
    "cli/test_up.py",
    "browser/",
    "architecture/test_queries.py",
    "pension_records/services/",
    "acceptance/resident_tax/test_pension_withholding.py",
    "cli/test_commands.py",
    "common_platform/operations/",
    "commands/",
    "law/rules/",
    "acceptance/unified_atena/",
    "city/",
)


def _turn(item: pytest.Item) -> int:
    place = item.path.relative_to(ROOT / "tests").as_posix()
    return next((n for n, start in enumerate(_LONG_FILES) if place.startswith(start)), len(_LONG_FILES))


def pytest_configure(config: pytest.Config) -> None:
    """The order below holds in parallel runs too; by itself xdist begins with the files of the most tests."""
    config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first."""
    items.sort(key=_turn)


_outcomes: dict[str, str] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the outcome of each test function (a failure of one parameter is a failure of the test)."""
    name = report.nodeid.partition("[")[0]
    if report.failed:
        _outcomes[name] = "failed"
    elif report.when == "call":
        _outcomes.setdefault(name, "passed")


def pytest_sessionfinish() -> None:
    """Add them to what `kokunen coverage --controls` shows as the last result, when a run is asked to keep them."""
    place = os.environ.get("KOKUNEN_TEST_RESULTS")
    if not place or not _outcomes:
        return
    path = Path(place)
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**known, **_outcomes}, ensure_ascii=False, indent=1), encoding="utf-8")


_LEAST_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[dict[str, int]]:
    """Argon2 at its least in this process, since a tenth of the time of all tests would go into it; gives the
    program's own parameters. The processes of a city, and a test that asks for `real_password_cost`, keep those."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    real = {name: int(getattr(Argon2PasswordHasher, name)) for name in _LEAST_COST}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _LEAST_COST.items():
            patch.setattr(Argon2PasswordHasher, name, value)
        yield real


@pytest.fixture
def real_password_cost(quick_passwords: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the program's own parameters for this test."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    for name, value in quick_passwords.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, value)


@pytest.fixture(scope="session")
def cluster() -> object:
    """The cluster of the tests; it is left running for the next run (loose settings, throw-away data)."""
    from kokunen.common_platform.operations.embedded_postgres import Cluster

    cluster = Cluster(TEST_DATA / "postgres", int(TEST_PORT_BASE), durable=False)
    with _exclusive("cluster"):
        cluster.start()
    return cluster


@pytest.fixture(scope="session")
def template_database(cluster: object) -> str:
    """Name of the provisioned, empty database that tests copy."""
    import django
    from psycopg import sql

    from kokunen.config import provision

    django.setup()
    name = f"template_{_shape()}"
    with _exclusive("template"), provision.admin_connection("postgres") as admin:
        if not admin.execute("select 1 from pg_database where datname = %s and datistemplate", [name]).fetchone():
            for (old,) in admin.execute("select datname from pg_database where datname = %s", [name]).fetchall():
                admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(str(old))))
            environment = {**os.environ, "KOKUNEN_DATABASE_NAME": name, "PYTHONPATH": str(ROOT / "src")}
            done = subprocess.run(
                [sys.executable, "-m", "kokunen.config.provision"],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                pytest.exit(f"provisioning failed:\n{done.stdout}\n{done.stderr}", returncode=1)
            with provision.admin_connection(name):
                pass  # a first connection writes down what the first one to each copy would have to find out anew
            admin.execute(
                sql.SQL("alter database {} is_template true allow_connections false").format(sql.Identifier(name))
            )
            _drop_old_templates(admin, name)
    return name


def _drop_old_templates(admin: object, keep: str) -> None:
    """Templates of earlier shapes beyond the last two dozen (several checkouts may share a cluster)."""
    from psycopg import Connection, Error, sql

    assert isinstance(admin, Connection)
    rows = admin.execute(
        "select datname from pg_database where datname like 'template\\_%%' and length(datname) = 21 and datname <> %s "
        "order by oid desc offset 24",
        [keep],
    ).fetchall()
    for (name,) in rows:
        try:
            admin.execute(sql.SQL("alter database {} is_template false").format(sql.Identifier(name)))
            admin.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))
        except Error:
            continue  # another run is copying it just now


@pytest.fixture
def city_database(fresh_city: FreshCity) -> Iterator[str]:
    """A fresh database for this one test; every alias points at it and real commits are allowed."""
    with fresh_city() as name:
        yield name


@pytest.fixture(scope="session")
def fresh_city(template_database: str, django_db_blocker: DjangoDbBlocker) -> FreshCity:
    """A fresh database for as long as a block lasts, for tests that share one."""
    return partial(_fresh_database, template_database, django_db_blocker)


@contextmanager
def _fresh_database(template: str, blocker: DjangoDbBlocker) -> Iterator[str]:
    """A fresh copy of the template that every alias points at until the block ends."""
    from psycopg import sql

    from kokunen.config import provision

    name = f"test_{os.getpid()}_{next(_numbers)}"
    with provision.admin_connection("postgres") as admin:
        # the files as they lie: the way block by block through the log takes three times as long
        copy = sql.SQL("create database {} template {} strategy file_copy")
        admin.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        admin.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        _let_in(admin, name)
        previous = os.environ.get("KOKUNEN_DATABASE_NAME")
        os.environ["KOKUNEN_DATABASE_NAME"] = name
        # a second custodian of this copy's own: it would refuse the log of another database
        keeper = os.environ.get("KOKUNEN_CUSTODIAN")
        os.environ["KOKUNEN_CUSTODIAN"] = str(TEST_DATA / "custodian" / name)
        with _aliases_at(name, blocker):
            yield name
        if previous is None:
            os.environ.pop("KOKUNEN_DATABASE_NAME")
        else:
            os.environ["KOKUNEN_DATABASE_NAME"] = previous
        shutil.rmtree(os.environ.pop("KOKUNEN_CUSTODIAN"), ignore_errors=True)
        if keeper is not None:
            os.environ["KOKUNEN_CUSTODIAN"] = keeper
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _let_in(admin: object, name: str) -> None:
    """Rights on the database itself are not copied with a template."""
    from psycopg import Connection, sql

    from kokunen.config.subsystems import MIGRATOR_ROLE, SNAPSHOT_ROLE, SUBSYSTEMS

    assert isinstance(admin, Connection)
    roles = sql.SQL(", ").join(map(sql.Identifier, (MIGRATOR_ROLE, SNAPSHOT_ROLE, *(s.role for s in SUBSYSTEMS))))
    admin.execute(sql.SQL("grant connect, temporary on database {} to {}").format(sql.Identifier(name), roles))


@contextmanager
def _aliases_at(name: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point every alias at that database, lift pytest-django's guard, and close the connections afterwards."""
    from django.db import connections

    before = {connection.alias: connection.settings_dict["NAME"] for connection in connections.all()}
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name
        connections.databases[connection.alias]["NAME"] = name
    with blocker.unblock():
        try:
            yield
        finally:
            for connection in connections.all():
                connection.close()
                connection.settings_dict["NAME"] = before[connection.alias]
                connections.databases[connection.alias]["NAME"] = before[connection.alias]


@pytest.fixture
def admin_connection(city_database: str) -> Iterator[object]:
    """The database administrator in this test's database (autocommit)."""
    from kokunen.config import provision

    with provision.admin_connection(city_database) as connection:
        yield connection


@pytest.fixture
def context() -> object:
    """An officer of the test: 職員 9001 of the pension section."""
    from kokunen.ledger.access import AccessContext

    return AccessContext(
        staff_number="9001", office_code="1101", purpose="pension_qualification", screen="試験", terminal="T-001"
    )
