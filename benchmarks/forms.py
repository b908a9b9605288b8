"""届書の印刷: 10,000 application forms with incomes in one print run on two cores, and a single form from click to PDF.

The run prints parts of 500 forms in two processes, from the figures to the files; what counts is the time until the
last file is written, fonts included. The single form goes through the service: receipt, register, ledger entry with the
serial, layout.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kokunen.commands.bench import Figure

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext

FORMS, PART, PROCESSES, CLICKS = 10_000, 500, 2, 60
_AT = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)


def measure() -> list[Figure]:
    """秒 of the run and the 99th percentile of single forms."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        parts = [(number, folder) for number in range(FORMS // PART)]
        began = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
            written = sum(pool.starmap(_print_part, parts, chunksize=1))
        seconds = time.perf_counter() - began
    assert written == FORMS
    return [
        Figure("免除申請書1万件の一括印刷", "秒", seconds, goal=20, better="less"),
        Figure("届書1件の印刷（押してからPDFまで、99%点）", "秒", _single(), goal=0.3, better="less"),
    ]


def _print_part(number: int, folder: str) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    from kokunen.national_pension.documents.exemption_papers import print_run, run_page

    pages = [
        run_page(_person(serial), _form(serial), f"{serial:07}") for serial in range(number * PART, (number + 1) * PART)
    ]
    (Path(folder) / f"part-{number}.pdf").write_bytes(print_run(pages, at=_AT))
    return len(pages)


def _person(serial: int) -> dict[str, str]:
    return {
        "name": f"川口　花子{serial % 97}", "kana": "カワグチ　ハナコ", "birth": f"昭和56年4月{1 + serial % 30}日",
        "number": f"1234-{serial:06}", "phone": "048-258-1110",
        "address": f"埼玉県川口市青木二丁目{1 + serial % 40}番{1 + serial % 20}号　青木住宅{serial % 300}",
    }  # fmt: skip


def _form(serial: int) -> dict[str, Any]:
    income = 500_000 + serial * 137 % 3_000_000
    persons = [
        [
            who,
            f"{name}{serial % 97}",
            f"{income:,}円",
            f"{income - 120_000:,}円",
            "1人",
            "申告あり",
            "個人住民税 令和8年度",
        ]
        for who, name in (("本人", "川口　花子"), ("配偶者", "川口　太郎"), ("世帯主", "川口　梅"))
    ]
    return {
        "title": "免除・納付猶予申請書", "receipt": f"2026{serial:09}", "received": "令和8年11月24日",
        "cycle": "令和8年度", "income_label": "令和8年度（令和7年中の所得）",
        "months": "令和8年7月 から 令和9年6月 まで", "wished": "全額免除、納付猶予、4分の3免除、半額免除、4分の1免除",
        "ground": "失業", "continues": "希望しない", "school": "", "persons": persons,
        "segments": ["令和8年7月 〜 令和9年6月（12か月） 全額免除"], "missing": [],
    }  # fmt: skip


def _single() -> float:
    """秒: the service prints one form after the other of the big city."""
    from benchmarks import _city

    _city.use()
    from kokunen.ledger.access import AccessContext
    from kokunen.national_pension.services.form_prints import print_form

    context = AccessContext("nenkin1", "2010", "pension_qualification", screen="計測", terminal="T-01")
    receipts = _receipts(context)
    print_form(notice_id=receipts[-1], office_name="国民年金課", context=context)  # fonts are read once a process
    spans = []
    for number in range(CLICKS):
        began = time.perf_counter()
        print_form(notice_id=receipts[number % len(receipts)], office_name="国民年金課", context=context)
        spans.append(time.perf_counter() - began)
    return sorted(spans)[int(CLICKS * 0.99)]


def _receipts(context: AccessContext) -> list[int]:
    """再交付申請の受付 of sixty people, as the counter takes them in."""
    from django.db import connections

    from kokunen.common_platform.operations import clock
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.reception import Entry, receive

    with connections["national_pension"].cursor() as cursor:
        cursor.execute(
            "select n.atena_number from pension_number n join integrated.national_pension__resident r "
            "using (atena_number) where upper_inf(n.recorded_period) and n.role = 'primary' "
            "and r.status = '1' limit %s",
            [CLICKS],
        )
        people = [str(row[0]) for row in cursor.fetchall()]
    data = {"handed_booklet": "notice", "send_to": "home"}
    entry = Entry(NoticeKind("F11"), "lost", data, clock.today(), identity_document="my_number_card")
    return [int(receive(atena_number=one, entry=entry, context=context).pk) for one in people]


if __name__ == "__main__":
    print(json.dumps([figure.as_dict() for figure in measure()], ensure_ascii=False, indent=1))
