"""対象の言葉: labels and subjects in words."""

from __future__ import annotations

import django
import pytest

django.setup()

from kokunen.common_platform.operations_desk.words import subject_words  # noqa: E402


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("queue=calls", "呼出し"),
        ("unified_atena.city,dataset=income", "団体内統合宛名 所得情報"),
        ("consumer=unified_atena.city,dataset=income", "団体内統合宛名 所得情報"),
        ("12 CPD010", "12 CPD010"),
    ],
)
def test_対象は業務の言葉で示す(label: str, words: str) -> None:
    assert subject_words()(label) == words
