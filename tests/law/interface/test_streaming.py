"""行の流れ (streaming): encodings, blank lines, chunks, exit status and bounded memory."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from kokunen.law.interface import EVALUATED, LINES_REFUSED, WRONG_USAGE, command, run
from kokunen.law.interface.lines import LONGEST_LINE
from kokunen.law.interface.running import CHUNK_LINES

GOOD = b'{"id": "a", "text": "\xe3\x82\xaa\xe3\x83\xbc\xe3\x83\x8e"}'


def answers(content: bytes) -> tuple[int, list[dict[str, object]]]:
    sink = io.BytesIO()
    status = run("name-search-key", io.BytesIO(content), sink)
    assert b"\r" not in sink.getvalue()
    return status, [json.loads(line) for line in sink.getvalue().splitlines()]


def test_nothing_in_nothing_out() -> None:
    for content in (b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n\t\n"):
        assert answers(content) == (EVALUATED, [])


def test_byte_order_mark_and_carriage_returns_are_accepted() -> None:
    status, found = answers(b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n" + GOOD)
    assert status == EVALUATED
    assert [answer["key"] for answer in found] == ["オノ", "オノ"]


def test_a_byte_order_mark_in_the_middle_is_no_json() -> None:
    _, found = answers(GOOD + b"\n\xef\xbb\xbf" + GOOD)
    assert "error" in found[1] and "error" not in found[0]


@pytest.mark.parametrize("line", ["オノ".encode("cp932"), b'{"id": "\xff"}', '{"id": "a"}'.encode("utf-16")])
def test_another_encoding_is_refused_line_by_line(line: bytes) -> None:
    status, found = answers(GOOD + b"\n" + line.replace(b"\n", b"") + b"\n" + GOOD)
    assert status == LINES_REFUSED
    assert found[1]["id"] is None and found[1]["line"] == 2
    assert found[1]["error"]["code"] == "invalid_json"  # type: ignore[index]
    assert found[0]["key"] == found[2]["key"] == "オノ"


def test_answers_keep_their_order_over_chunks() -> None:
    count = CHUNK_LINES * 2 + 7
    status, found = answers(b"\n".join(b'{"id": "%d", "text": "a"}' % number for number in range(count)))
    assert status == EVALUATED
    assert [answer["id"] for answer in found] == [str(number) for number in range(count)]


def test_an_endless_line_is_refused_and_the_next_one_read() -> None:
    status, found = answers(b'{"id": "' + b"x" * (LONGEST_LINE + 10) + b'"}\n' + GOOD)
    assert status == LINES_REFUSED
    assert [("error" in answer) for answer in found] == [True, False]


class Endless(io.RawIOBase):
    """As many lines as are asked for, none of them kept."""

    def __init__(self, lines: int) -> None:
        self.rest: Iterator[bytes] = (b'{"id": "%d", "text": "abc"}\n' % number for number in range(lines))

    def readline(self, size: int | None = -1, /) -> bytes:
        return next(self.rest, b"")


class Counter(io.RawIOBase):
    """Counts the answers and forgets them."""

    count = 0

    def write(self, data: object, /) -> int:
        assert isinstance(data, bytes)
        self.count += data.count(b"\n")
        return len(data)


def peak_of(lines: int) -> int:
    sink = Counter()
    tracemalloc.start()
    run("name-search-key", Endless(lines), sink)  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sink.count == lines
    return peak


def test_memory_does_not_grow_with_the_number_of_lines() -> None:
    peak_of(CHUNK_LINES)
    assert peak_of(CHUNK_LINES * 12) < peak_of(CHUNK_LINES * 3) * 1.2


def test_the_command_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_bytes(GOOD)
    sink, messages = io.BytesIO(), io.StringIO()
    assert command("name-search-key", file, sink=sink, messages=messages) == EVALUATED
    assert json.loads(sink.getvalue())["alternate_key"] == "オオノ"
    assert messages.getvalue() == ""


@pytest.mark.parametrize("name", ["numbers ", "", "Numbers", "name_search_key", "../numbers"])
def test_an_unknown_ruleset_is_wrong_usage(name: str) -> None:
    sink, messages = io.BytesIO(), io.StringIO()
    assert command(name, None, sink=sink, messages=messages) == WRONG_USAGE
    assert sink.getvalue() == b""
    assert "name-search-key" in messages.getvalue()


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.jsonl", tmp_path):
        sink, messages = io.BytesIO(), io.StringIO()
        assert command("numbers", path, sink=sink, messages=messages) == WRONG_USAGE
        assert sink.getvalue() == b""
        assert "読めません" in messages.getvalue()
