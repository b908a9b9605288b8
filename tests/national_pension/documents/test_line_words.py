"""報告対象者一覧の「内容」: no kind of notice stands there without its words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokunen.national_pension.reporting_types import NoticeKind, ReportLine

pytestmark = [pytest.mark.function("S1-3")]
FROM, TO = date(2026, 7, 1), date(2027, 6, 1)


@pytest.mark.parametrize(
    ("kind", "details", "words"),
    [
        (
            NoticeKind.EXEMPTION,
            {"from_month": FROM, "to_month": TO, "wants_full": "1", "wants_partial": "1", "special": "1"},
            "令和8年7月〜令和9年6月 全額・一部 特例 失業",
        ),
        (
            NoticeKind.EXEMPTION,
            {"from_month": FROM, "to_month": TO, "wants_deferment": "1", "special": "0", "continue": "1"},
            "令和8年7月〜令和9年6月 猶予 継続希望",
        ),
        (
            NoticeKind.STUDENT_DEFERMENT,
            {"from_month": FROM, "to_month": TO, "school": "本町大学"},
            "令和8年7月〜令和9年6月 本町大学",
        ),
        (NoticeKind.STATUTORY_EXEMPTION, {"ground": "11", "wants_to_pay": "0"}, "法定免除（生活扶助）"),
        (NoticeKind.STATUTORY_EXEMPTION_END, {"end_reason": "1"}, "生活扶助の廃止"),
        (NoticeKind.MATERNITY, {"born_on": date(2026, 10, 31), "multiple": "1"}, "出産 令和8年10月31日 多胎"),
        (NoticeKind.MATERNITY, {"due_on": date(2027, 1, 5)}, "予定 令和9年1月5日"),
        (
            NoticeKind.CHILDCARE,
            {"care_kind": "52", "child_name": "出産　空", "child_birth": date(2026, 10, 31)},
            "育児期間免除（その他の養育者） 出産　空 令和8年10月31日生",
        ),
        (NoticeKind.ADDITIONAL_PREMIUM, {"class": "1", "from_month": FROM}, "納付 令和8年7月から"),
        (NoticeKind.EXEMPTION_WITHDRAWAL, {"from_month": FROM}, "令和8年7月から"),
        (NoticeKind.CLAIM, {"form": "F20", "pension_code": "1150"}, "老齢基礎年金 年金請求書 年金コード 1150"),
        (
            NoticeKind.RECORD_CORRECTION,
            {"item": "1", "before": "4月21日", "after": "3月31日"},
            "取得日 4月21日 → 3月31日",
        ),
        (NoticeKind.ADDRESS_CHANGE, {"old_address": "青木2丁目"}, "変更前 青木2丁目"),
        (NoticeKind.WITHDRAWAL, {"original_receipt": "2026000000001"}, "受付番号 2026000000001"),
    ],
)
def test_届書ごとの内容(kind: NoticeKind, details: dict[str, Any], words: str) -> None:
    import django

    django.setup()
    from kokunen.national_pension.documents.line_words import words_of

    line = ReportLine(
        kind=kind,
        receipt_number="2026000000009",
        atena_number="1",
        received_on=date(2026, 11, 24),
        name="川口　花子",
        kana="カワグチ　ハナコ",
        birth=date(1981, 4, 2),
        sex="2",
        postal_code="3320012",
        address="本町1丁目",
        details=details,
    )
    assert words_of(line) == words
