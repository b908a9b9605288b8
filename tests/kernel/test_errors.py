"""誤りの伝え方: what a person reads and what a program reads."""

from __future__ import annotations

import pickle

import pytest

from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed


def test_文と次の手を一続きに読める() -> None:
    error = InputError("日付がありません", "moved_on", "missing_field", "日付を入力してください。")
    assert str(error) == "日付がありません。日付を入力してください。"
    assert (error.message, error.field, error.code, error.hint) == (
        "日付がありません",
        "moved_on",
        "missing_field",
        "日付を入力してください。",
    )


def test_句点は重ならない() -> None:
    assert str(InputError("ありません。", hint="入力してください。")) == "ありません。入力してください。"
    assert str(InputError("ありません。")) == "ありません。"


@pytest.mark.parametrize(
    ("kind", "code"), [(InputError, "invalid_value"), (NotAllowed, "not_allowed"), (Conflict, "conflict")]
)
def test_種類ごとの符号と親(kind: type[KokunenError], code: str) -> None:
    error = kind("だめです")
    assert (error.code, error.field, error.hint) == (code, "", "")
    assert isinstance(error, KokunenError)


def test_入力の誤りはValueErrorとしても捕まえられる() -> None:
    with pytest.raises(ValueError, match="だめです"):
        raise InputError("だめです")


@pytest.mark.parametrize("kind", [InputError, NotAllowed, Conflict])
def test_過程をまたいでも欠けない(kind: type[KokunenError]) -> None:
    error = kind("だめです", "a.b", "inconsistent", "直してください。")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert (copy.message, copy.field, copy.code, copy.hint) == (error.message, error.field, error.code, error.hint)


def test_項目名を後から付ける() -> None:
    error = InputError("だめです", code="out_of_range", hint="直してください。").at("events[0].date")
    assert isinstance(error, InputError)
    assert (error.field, error.code, error.hint) == ("events[0].date", "out_of_range", "直してください。")
