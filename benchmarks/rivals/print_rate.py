"""ページ/秒 of WeasyPrint and of ReportLab: the same notice of two pages, without the codes (in their favour)."""

from __future__ import annotations

import io
import json
import time

SETS = {"weasyprint": 20, "reportlab": 400}
_MINCHO = "/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf"
_FIGURES = [("合計所得金額", "2,020,000円"), ("課税標準額", "1,140,000円"), ("市民税", "69,900円"),
            ("県民税", "45,600円"), ("森林環境税", "1,000円"), ("年税額", "116,500円")]  # fmt: skip


def _amounts(serial: int) -> list[str]:
    return [f"{29_500 + serial % 900 * 100:,}円", "29,000円", "29,000円", "29,000円"]


def weasyprint(sets: int) -> None:
    from weasyprint import HTML

    pages = []
    for serial in range(sets):
        rows = "".join(f"<tr><td>第{i + 1}期<td>{a}<td>2026/06/30" for i, a in enumerate(_amounts(serial)))
        facts = "".join(f"<p>{label}　{value}</p>" for label, value in _FIGURES)
        slips = "".join(
            f"<div class=s><p>納付書（第{i + 1}期）</p><p>川口　太郎　様</p><p>{a}</p><p>{serial:010}</p></div>"
            for i, a in enumerate(_amounts(serial))
        )
        pages.append(
            f"<section><p>〒332-8601</p><p>埼玉県川口市青木{serial}番</p><p>川口　太郎　様</p><h1>通知書</h1>{facts}"
            f"<table><tr><th>納期<th>税額<th>納期限{rows}</table></section><section>{slips}</section>"
        )
    style = (
        "section{break-after:page} table{border-collapse:collapse;width:100%} td,th{border:.4pt solid}"
        ".s{border:.5pt solid;height:55mm} body{font-family:IPAexMincho} @page{size:A4}"
    )
    html = f"<html lang=ja><head><title>通知書</title><style>{style}</style></head><body>{''.join(pages)}</body></html>"
    HTML(string=html).write_pdf(io.BytesIO(), pdf_variant="pdf/a-2u", pdf_tags=True)


def reportlab(sets: int) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("mincho", _MINCHO))
    canvas = Canvas(io.BytesIO(), pageCompression=1)
    for serial in range(sets):
        canvas.setFont("mincho", 10)
        for place, text in enumerate(("〒332-8601", f"埼玉県川口市青木{serial}番", "川口　太郎　様", "税額決定通知書")):
            canvas.drawString(45, 790 - 14 * place, text)
        for place, (label, value) in enumerate(_FIGURES):
            canvas.drawString(57, 700 - 14 * place, label)
            canvas.drawRightString(540, 700 - 14 * place, value)
        for place, amount in enumerate(_amounts(serial)):
            canvas.rect(45, 560 - 20 * place, 505, 20)
            canvas.drawString(50, 566 - 20 * place, f"第{place + 1}期　{amount}　2026/06/30")
        canvas.showPage()
        canvas.setFont("mincho", 10)
        for place, amount in enumerate(_amounts(serial)):
            canvas.rect(45, 620 - 176 * place, 505, 170)
            for line, text in enumerate(
                (f"令和8年度 納付書（第{place + 1}期）", "川口　太郎　様", amount, f"{serial:010}")
            ):
                canvas.drawString(52, 775 - 176 * place - 14 * line, text)
        canvas.showPage()
    canvas.save()


if __name__ == "__main__":
    found = {}
    for program, sets in SETS.items():
        globals()[program](2)
        began = time.perf_counter()
        globals()[program](sets)
        found[program] = 2 * sets / (time.perf_counter() - began)
    print(json.dumps(found))
