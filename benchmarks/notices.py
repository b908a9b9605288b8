"""通知書の印刷: tagged PDF/A pages a second into the parts of a print run, on two cores, and whether memory stays flat.

Each of two processes prints parts of 100 sets (notice and four payment slips with both codes) for a while; what is
timed is everything from the figures to the file. The pages a second that count are those after the first dozen parts,
when the memory is looked at for the first time: from there on it must stay flat.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _rivals
from kokunen.commands.bench import Figure
from kokunen.common_platform import printing
from kokunen.common_platform.operations.clock import OFFICE_ZONE
from kokunen.common_platform.printing import Blank
from kokunen.resident_tax.documents import slips

PROCESSES, SECONDS, SETS = 2, 30.0, 100
_WARM = 12  # parts until the compiler forgets as much as it learns (it keeps its last ten documents)
_DUE = (date(2026, 6, 30), date(2026, 8, 31), date(2026, 11, 2), date(2027, 2, 1))
_FAMILY = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田",
           "佐々木", "山口", "松本", "井上", "木村", "林", "斎藤", "清水")  # fmt: skip
_GIVEN = ("太郎", "花子", "さくら", "大翔", "結衣", "健一", "美咲", "翔太", "陽子", "一郎", "恵子", "直樹", "久美",
          "誠", "幸子", "和也", "真由美", "隆", "ＪＯＨＮ")  # fmt: skip
_AT = datetime(2026, 6, 10, 9, tzinfo=OFFICE_ZONE)


def measure() -> list[Figure]:
    """ページ/秒 and the growth of memory between the first part and the last."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        context = multiprocessing.get_context("spawn")
        with context.Pool(PROCESSES) as pool:
            told = pool.starmap(_print, [(index, folder) for index in range(PROCESSES)])
    pages = sum(one["pages_per_second"] for one in told)
    growth = max(one["growth_mib"] for one in told)
    return [
        *(Figure("通知書の印刷（納付書つき、タグ付きPDF/A）", "ページ/秒", pages, goal=800, better="more",
                 rival=name, rival_value=value) for name, value in _rivals_pages_per_second()),
        Figure("通知書の印刷中に増えたメモリ", "MiB", growth, goal=64, better="less"),
    ]  # fmt: skip


def _rivals_pages_per_second() -> list[tuple[str, float | None]]:
    """The same notice without its codes, one process each, in an environment of their own; without it, why."""
    try:
        told = _rivals.told_by("print", "print_rate.py")
    except _rivals.RivalMissing as error:
        return [(f"WeasyPrint・ReportLab（用意できない: {str(error)[:60]}）", None)]
    return [("WeasyPrint", told["weasyprint"]), ("ReportLab（タグなし、符号なし）", told["reportlab"])]


def _print(index: int, folder: str) -> dict[str, float]:
    parts, pages, half_pages, first_peak = 0, 0, 0, 0.0
    document = _document(index, 0)
    printing.render_copies(slips.LAYOUT, document, at=_AT)  # fonts are read once
    began = half = time.perf_counter()
    while time.perf_counter() - began < SECONDS or parts < 2 * _WARM:
        parts += 1
        document = _document(index, parts)
        content = printing.render_copies(slips.LAYOUT, document, at=_AT)
        path = Path(folder) / f"part-{index}-{parts % 20}.pdf"
        path.write_bytes(content)
        pages += sum(one["pages"] for one in document["sets"])
        if not first_peak and parts >= _WARM:
            first_peak, half, half_pages = _resident_mib(), time.perf_counter(), pages
    spent = time.perf_counter() - half
    return {"pages_per_second": (pages - half_pages) / spent, "growth_mib": _resident_mib() - first_peak}


def _document(index: int, part: int) -> dict[str, Any]:
    """A part of made-up letters: the same making of slips and codes as for the city's own."""
    sets = []
    for place in range(SETS):
        serial = (index * 1_000_000 + part * SETS + place) * 7 + 11
        amounts = [29_500 + serial % 900 * 100, 29_000, 29_000, 29_000]
        total = f"{sum(amounts):,}円"
        sets.append(
            {
                "postal": Blank("332-8601"),
                "address": slips.lines_of(
                    f"埼玉県川口市青木二丁目{serial % 30 + 1}番{serial % 17 + 1}号　青木住宅{serial % 900}"
                ),
                "name": Blank(f"{_FAMILY[serial % 20]}　{_GIVEN[serial % 19]}"), "number": Blank(f"{serial:010}"),
                "sequence": Blank(f"{serial % 10_000_000:07}"),
                "figures": [["合計所得金額", Blank("2,020,000円")], ["課税標準額", Blank("1,140,000円")],
                            ["市民税", Blank("69,900円")],
                            ["県民税", Blank("45,600円")], ["森林環境税", Blank("1,000円")], ["年税額", Blank(total)]],
                "schedule": [["納期", "税額", "納期限"],
                             *([f"第{i + 1}期", Blank(f"{amount:,}円"), f"{_DUE[i]:%Y/%m/%d}"]
                               for i, amount in enumerate(amounts))],
                "slips": [slips.slip(2026, f"{serial:010}", i, amount, _DUE[i])
                          for i, amount in enumerate(amounts)],
                "pages": 2, "serial": Blank("20260610-3010-K7QX9M2P"),
            }
        )  # fmt: skip
    slips.draw([part for one in sets for part in one["slips"]])
    return {
        "title": "市民税・県民税・森林環境税 税額決定通知書", "kind": "ordinary", "year": "令和8年度",
        "serial": f"20260610-3010-{index}{part:07}", "dated": [2026, 6, 10], "dated_words": "令和8年6月10日",
        "mayor": "川口市長", "office": "理財部 市民税課", "tax_words": "市民税・県民税・森林環境税",
        "objection": "この決定に不服があるときは、審査請求をすることができます。", "sets": sets,
    }  # fmt: skip


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    print(json.dumps([figure.as_dict() for figure in measure()], ensure_ascii=False, indent=1))
