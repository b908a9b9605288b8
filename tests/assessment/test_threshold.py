"""しきい値判断と整合の点検."""

from __future__ import annotations

import pytest

from kokunen.assessment.consistency import check
from kokunen.assessment.document import load_document
from kokunen.assessment.threshold import BASIC, FULL, NONE, PRIORITY, band, band_of, required

pytestmark = pytest.mark.control("CTL-003")


@pytest.mark.parametrize(
    ("subjects", "handlers", "incident", "expected"),
    [
        (999, 499, False, NONE), (999, 500, True, NONE),
        (1_000, 0, False, BASIC), (9_999, 500, True, BASIC),
        (10_000, 499, False, BASIC), (99_999, 499, False, BASIC),
        (10_000, 500, False, PRIORITY), (99_999, 0, True, PRIORITY),
        (100_000, 499, False, PRIORITY), (299_999, 99, False, PRIORITY),
        (100_000, 500, False, FULL), (299_999, 0, True, FULL),
        (300_000, 0, False, FULL), (1_000_000, 500, True, FULL),
        (150_000, 75, False, PRIORITY),
    ],
)  # fmt: skip
def test_しきい値判断の表(subjects, handlers, incident, expected) -> None:
    assert required(subjects, handlers, incident) == expected


def test_区分は様式の言葉から読む() -> None:
    document = load_document()
    users = band(document.value("II.3.user_count"))
    assert (users.low, users.high) == (50, 100)
    assert users.holds(99) and not users.holds(100) and not users.holds(49)
    assert users.is_near_end(95) and not users.is_near_end(94)
    subjects = band(document.value("I.1.subjects"))
    assert (subjects.low, subjects.high) == (100_000, 300_000)
    found = band_of(document.leaves["I.1.subjects"].options, 300_000)
    assert found is not None and found.text == "30万人以上"
    assert band("10項目未満").low == 0 and band("100項目以上").high is None


def test_公表版の矛盾を見つけ案では残らない() -> None:
    published = {finding.rule for finding in check(load_document())}
    assert published == {
        "outsourcing_box", "outsourcing_answers", "outsourcing_words", "provision_count", "transfer_count",
        "category_without_item", "item_without_category", "wording_holds", "wording_typo",
    }  # fmt: skip
    assert check(load_document("next-draft")) == []
