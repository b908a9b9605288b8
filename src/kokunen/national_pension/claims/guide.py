"""手続きの案内: the questions of `guide.yaml`; an answer leads on, to procedures, or to the pension office."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kokunen.law.strict_yaml import load

FORM_NAMES = {
    "F01": "資格取得届",
    "F02": "種別変更届",
    "F03": "資格喪失届",
    "F04": "任意加入申出書",
    "F10": "付加保険料の申出書",
    "F12": "免除・納付猶予申請書",
    "F13": "学生納付特例申請書",
    "F20": "老齢基礎年金",
    "F21": "障害基礎年金",
    "F22": "遺族基礎年金",
    "F23": "寡婦年金",
    "F24": "死亡一時金",
    "F25": "未支給年金",
    "F26": "特別障害給付金",
    "F28": "年金生活者支援給付金",
    "F29": "受給権者の変更届",
}
"""手続きの名: the words of the guide for each form of the counter."""


@dataclass(frozen=True, slots=True)
class Answer:
    """答え: exactly one of `next` (a question), `forms` and `office` (the words of the way out)."""

    label: str
    next: str = ""
    forms: tuple[str, ...] = ()
    office: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """質問"""

    code: str
    text: str
    answers: tuple[Answer, ...]


@lru_cache(maxsize=1)
def questions() -> dict[str, Question]:
    """質問の一覧, the first one first. Raises ValueError when the file leads nowhere."""
    raw: dict[str, Any] = load(
        files("kokunen.national_pension.claims").joinpath("guide.yaml").read_text(encoding="utf-8"), "guide.yaml"
    )
    found = {
        code: Question(
            code,
            one["text"],
            tuple(
                Answer(
                    answer["label"],
                    answer.get("next", ""),
                    tuple(answer.get("forms", ())),
                    answer.get("office", ""),
                )
                for answer in one["answers"]
            ),
        )
        for code, one in raw["questions"].items()
    }
    for question in found.values():
        for answer in question.answers:
            if sum(map(bool, (answer.next, answer.forms, answer.office))) != 1:
                raise ValueError(f"guide.yaml {question.code} {answer.label}: next, forms, office のどれか一つ")
            if not set(answer.forms) <= set(FORM_NAMES):
                raise ValueError(f"guide.yaml {question.code}: {answer.forms} に知らない届書があります")
            if answer.next and answer.next not in found:
                raise ValueError(f"guide.yaml {question.code}: {answer.next} という質問はありません")
    start = found.pop(raw["start"])
    return {start.code: start, **found}
