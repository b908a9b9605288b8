"""処理結果一覧（印刷用） — the answer as a page to print: A4, one row a notice, or the reasons of a refusal."""

from __future__ import annotations

from datetime import date
from html import escape

from .codec import Result, Values
from .layout import Layout

_STYLE = """
@page { size: A4; margin: 15mm }
body { font: 10pt/1.5 "Noto Sans CJK JP", "IPAexGothic", sans-serif; margin: 0 }
h1 { font-size: 14pt } dl { display: grid; grid-template-columns: 10em 1fr; margin: 0 0 1em }
dd { margin: 0 } table { border-collapse: collapse; width: 100% } thead { display: table-header-group }
tr { break-inside: avoid } th, td { border: 1px solid #333; padding: 1mm 2mm; text-align: left }
td.n { text-align: right }
"""


def printable(layout: Layout, result: Result) -> bytes:
    """The list as one self-contained HTML document in UTF-8."""
    values = result.values
    processed = values["processed_on"]
    head = {
        "市区町村コード": f"{values['prefecture']}{values['city']}",
        "年度・媒体通番": f"{values['fiscal_year'] or '不明'} - {values['report_serial'] or '不明'}",
        "結果通番": str(values["result_serial"]),
        "処理年月日": f"{processed.year}年{processed.month}月{processed.day}日" if isinstance(processed, date) else "",
        "処理状態": "媒体不受理" if result.faults else "処理済",
        "件数": f"{values['total']}件（受理 {values['accepted']}件、返戻 {values['returned']}件）",
    }
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in head.items())
    body = _faults(result) if result.faults else _lines(layout, result)
    title = "国民年金適用関係届書 処理結果一覧"
    page = (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><dl>{facts}</dl>{body}</body></html>\n"
    )
    return page.encode()


def _lines(layout: Layout, result: Result) -> str:
    names = ("連番", "届書", "受付番号", "結果", "基礎年金番号", "裁定", "理由")
    header = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = []
    for line in result.lines:
        number = str(line["basic_pension_number"] or "")
        reason = " ".join(str(line[name]) for name in ("reason_code", "reason") if line[name])
        cells = (
            layout.notices[str(line["kind"])].title,
            str(line["receipt_number"]),
            "受理" if line["outcome"] == "1" else "返戻",
            f"{number[:4]}-{number[4:]}" if number else "",
            _decision(layout, line),
            reason,
        )
        row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        rows.append(f'<tr><td class="n">{line["line_number"]}</td>{row}</tr>')
    return f"<table><thead><tr>{header}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _decision(layout: Layout, line: Values) -> str:
    """裁定: 承認 全額免除 2026年7月〜2027年6月, "" for a notice without one."""
    tables = layout.tables
    words = [
        tables[name][str(line[column])]
        for name, column in (("decision", "decision"), ("exemption_kind", "exemption_kind"))
        if line.get(column)
    ]
    months = [line.get(name) for name in ("first_month", "last_month")]
    if all(isinstance(month, date) for month in months):
        words.append("〜".join(f"{month.year}年{month.month}月" for month in months if isinstance(month, date)))
    return " ".join(words)


def _faults(result: Result) -> str:
    items = "".join(f"<li>{escape(fault)}</li>" for fault in result.faults)
    return f"<h2>不受理の理由</h2><ol>{items}</ol>"
