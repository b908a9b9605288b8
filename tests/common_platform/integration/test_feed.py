"""変更フィード: each change takes effect exactly once, late commits included, and nobody holds anybody up."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import psycopg
import pytest

from kokunen.common_platform.integration.consuming import Change
from kokunen.common_platform.integration.datasets import datasets
from kokunen.common_platform.integration.publishing import ChangeNote

DATASET = "resident"


@dataclass
class Collector:
    """A consumer that writes down what it was given, in its own transaction's fate."""

    name: str = "collector"
    subsystem: str = "national_pension"
    datasets: tuple[str, ...] = (DATASET,)
    taken: list[Change] = field(default_factory=list)
    fail_for: set[str] = field(default_factory=set)
    after: object = None

    def apply(self, using: str, changes: Sequence[Change]) -> None:
        for change in changes:
            if change.atena_number in self.fail_for:
                raise ValueError("この人は処理できません")
        self.taken.extend(changes)


def _publish(*numbers: str, kind: str = "update") -> None:
    from django.db import transaction

    from kokunen.common_platform.integration.publishing import publish

    with transaction.atomic(using="resident_registry"):
        for number in numbers:
            publish(
                "resident_registry",
                datasets()[DATASET],
                [{"atena_number": number, **_minimum()}],
                ChangeNote(kind, "301", date(2026, 11, 24)),
            )


def _minimum() -> dict[str, object]:
    """Values for the columns that may not be empty."""
    example = {
        "text": "あ",
        "date": "2000-01-01",
        "boolean": False,
        "integer": 1,
        "bigint": 1,
        "text[]": [],
        "jsonb": {},
    }
    return {c.name: example[c.pg_type] for c in datasets()[DATASET].columns if not c.nullable}


def _seqs(consumer: Collector) -> list[str]:
    return [change.atena_number for change in consumer.taken]


@pytest.mark.function("S3-1")
def test_公開した変更は順番どおり一度だけ届く(city_database) -> None:
    from kokunen.common_platform.integration.consuming import drain

    consumer = Collector()
    _publish("A1", "A2")
    _publish("A1")
    assert drain(consumer) == 3
    assert _seqs(consumer) == ["A1", "A2", "A1"]
    assert drain(consumer) == 0
    assert [(c.kind, c.reason_code, c.event_on) for c in consumer.taken] == [("update", "301", date(2026, 11, 24))] * 3


@pytest.mark.function("S3-1")
def test_取り消された変更は届かない(city_database) -> None:
    from django.db import transaction

    from kokunen.common_platform.integration.consuming import drain

    class Stop(Exception):
        pass

    consumer = Collector()
    with pytest.raises(Stop), transaction.atomic(using="resident_registry"):
        _publish("A1")
        raise Stop
    _publish("A2")
    drain(consumer)
    assert _seqs(consumer) == ["A2"]


@pytest.mark.function("S3-1")
def test_遅れて確定した変更を飛ばさない(city_database) -> None:
    """T1 takes number 1 and stays open; T2 takes number 2 and commits: the reader must wait for T1, not pass it."""
    from django.db import connections, transaction

    from kokunen.common_platform.integration.consuming import drain

    consumer = Collector()
    opened, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic(using="resident_registry"):
                _publish("T1")
                opened.set()
                assert go_on.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert opened.wait(20)
    _publish("T2")
    assert drain(consumer) == 0
    go_on.set()
    thread.join(20)
    drain(consumer)
    assert _seqs(consumer) == ["T1", "T2"]


@pytest.mark.function("S3-1")
def test_フィードに触れない長い取引は読み手を止めない(city_database) -> None:
    from django.db import connections, transaction

    from kokunen.common_platform.integration.consuming import drain

    consumer = Collector()
    opened, go_on = threading.Event(), threading.Event()

    def elsewhere() -> None:
        try:
            with transaction.atomic(using="default"), connections["default"].cursor() as cursor:
                cursor.execute("create temporary table work (x int)")
                opened.set()
                assert go_on.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    assert opened.wait(20)
    _publish("A1")
    assert drain(consumer) == 1
    go_on.set()
    thread.join(20)


@pytest.mark.function("S3-1")
def test_利用者の失敗は取引ごと戻りその人だけが待つ(city_database, admin_connection) -> None:
    from kokunen.common_platform.integration.consuming import consumer_status, drain, replay_parked

    consumer = Collector(fail_for={"A2"})
    _publish("A1", "A2", "A3")
    drain(consumer)
    assert _seqs(consumer) == ["A1", "A3"]
    _publish("A2", "A1")
    drain(consumer)
    assert _seqs(consumer) == ["A1", "A3", "A1"]
    [status] = consumer_status(consumer)
    assert (status["backlog"], status["parked"]) == (0, 2)
    assert replay_parked(consumer, DATASET) == 0
    consumer.fail_for.clear()
    assert replay_parked(consumer, DATASET) == 2
    assert _seqs(consumer)[-2:] == ["A2", "A2"]
    assert consumer_status(consumer)[0]["parked"] == 0


@pytest.mark.function("S3-1")
def test_並行する多数の公開から一件も欠けず増えない(city_database) -> None:
    """Eight publishers at once, a reader all the while: the reader has each change once and each person's in order."""
    from django.db import connections

    from kokunen.common_platform.integration.consuming import drain, run_once

    consumer = Collector()

    def publisher(number: int) -> None:
        try:
            for _ in range(12):
                _publish(f"P{number}", f"Q{number}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publisher, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        run_once(consumer, limit=7)
    for thread in threads:
        thread.join()
    drain(consumer)
    seqs = [change.seq for change in consumer.taken]
    assert len(seqs) == 8 * 12 * 2
    assert seqs == sorted(set(seqs))


@pytest.mark.function("S3-1")
def test_宣言していない列は公開できない(city_database) -> None:
    from django.db import transaction

    from kokunen.common_platform.integration.publishing import publish

    with pytest.raises(ValueError, match="favourite_colour"), transaction.atomic(using="resident_registry"):
        publish(
            "resident_registry",
            datasets()[DATASET],
            [{"atena_number": "A1", "favourite_colour": "赤"}],
            ChangeNote("update"),
        )


@pytest.mark.control("CTL-034")
def test_利用側は公開表に書けない(city_database) -> None:
    from django.db import connections, transaction
    from django.db.utils import ProgrammingError

    for statement in (
        "insert into integrated.resident (atena_number) values ('X')",
        "update integrated.national_pension__resident set atena_number = 'X'",
        "select * from integrated.resident",
    ):
        with (
            pytest.raises((ProgrammingError, psycopg.errors.InsufficientPrivilege)),
            transaction.atomic(using="national_pension"),
            connections["national_pension"].cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.function("S3-1")
def test_仕事の尽きない利用者がいても_ほかの利用者は待たない(city_database) -> None:
    from kokunen.common_platform.integration.worker import Worker

    class Busy(Collector):
        """While it works on one change the next is published."""

        def apply(self, using: str, changes: Sequence[Change]) -> None:
            super().apply(using, changes)
            if len(self.taken) < 5:
                _publish("000000000000086")

    busy, other = Busy("busy"), Collector("other")
    _publish("000000000000078")
    assert Worker().round([busy, other]) == 3
    assert [len(busy.taken), len(other.taken)] == [1, 2]
