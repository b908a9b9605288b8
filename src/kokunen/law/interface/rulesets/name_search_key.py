"""カナ検索キー (name-search-key): the key under which a name is found, however it was typed."""

from __future__ import annotations

from kokunen.kernel.names import alternate_search_key, search_key
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Record, Text
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one

_ARTICLE = "住民記録システム標準仕様書2.1.2"

FIELDS = (Text(name="text", label="氏名カナ", low=1, high=200, required=True),)


def answer(record: Record, explain: bool) -> Answer:
    """検索キー; a text of which nothing is left after folding is out of range."""
    text = record["text"]
    key = search_key(text)
    if not key:
        message = "氏名カナには、空白と長音記号を除いて1文字以上残る文字列を指定してください"
        record.refuse("text", Code.OUT_OF_RANGE, message)
    result = {"key": key, "alternate_key": alternate_search_key(text)}
    steps = (
        Explained("key", "検索キー（長音なし）", key, Unit.TEXT, _ARTICLE),
        Explained(
            "alternate_key",
            "検索キー（長音を母音に）",
            result["alternate_key"],
            Unit.TEXT,
            _ARTICLE,
        ),
    )
    return Answer(result, steps if explain else ())


RULESET = Ruleset(
    name="name-search-key",
    label="カナ検索キー",
    fields=FIELDS,
    evaluate=one_by_one(answer),
)
