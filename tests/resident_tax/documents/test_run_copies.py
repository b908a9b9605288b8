"""一括印刷の写し: what is filled in is what typst would have set, character by character, and a valid tagged PDF/A."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any

import pikepdf
import pytest

from kokunen.common_platform import printing
from kokunen.common_platform.operations.clock import OFFICE_ZONE
from kokunen.common_platform.printing import Blank, Picture, copies, glyphs, shapes, writer
from kokunen.common_platform.printing.copies import NotAForm
from kokunen.resident_tax.documents import slip_codes
from kokunen.resident_tax.documents.slips import LAYOUT, draw, lines_of, slip, yen

pytestmark = pytest.mark.function("S6-3")
AT = datetime(2026, 6, 10, 9, tzinfo=OFFICE_ZONE)
DUE = (date(2026, 6, 30), date(2026, 8, 31))
PEOPLE: tuple[tuple[str, str, list[int]], ...] = (
    ("佐藤　さくら", "埼玉県川口市青木二丁目1番1号", [29_500, 29_000]),
    (
        "NGUYEN THI THANH HUONG",
        "埼玉県川口市芝園町3番10号　川口芝園団地10号棟1204号室　グェン・ティ・タン・フォン方",
        [5_000],
    ),
    ("渡邉\U000e0100　謙一郎", "埼玉県川口市大字安行領根岸1番地（一丁目）", [1_234_500, 1_200_000]),
    ("林　誠", "埼玉県川口市並木3-4-5", [310_000, 299_900]),
)  # fmt: skip


def _document() -> dict[str, Any]:
    sets = []
    for place, (name, address, amounts) in enumerate(PEOPLE):
        number = f"{place + 77:010}"
        sets.append(
            {
                "postal": Blank("332-8601"), "address": lines_of(address), "name": Blank(name),
                "number": Blank(number), "sequence": Blank(f"{place:07}"), "serial": Blank("20260610-3010-K7QXWMMP"),
                "figures": [[label, Blank(yen(sum(amounts) * 7))] for label in ("合計所得金額", "年税額")],
                "schedule": [["納期", "税額", "納期限"],
                             *([f"第{i + 1}期", Blank(yen(v)), "令和8年6月30日"]
                               for i, v in enumerate(amounts))],
                "slips": [slip(2026, number, i, amount, DUE[i]) for i, amount in enumerate(amounts)],
                "pages": 2,
            }
        )  # fmt: skip
    draw([part for one in sets for part in one["slips"]])
    return {
        "title": "市民税・県民税・森林環境税 税額決定通知書", "kind": "ordinary", "year": "令和8年度",
        "serial": "20260610-3010-K7QXWMMP", "dated": [2026, 6, 10], "dated_words": "令和8年6月10日",
        "mayor": "川口市長", "office": "理財部 市民税課", "tax_words": "市民税・県民税・森林環境税",
        "objection": "この決定に不服があるときは、審査請求をすることができます。", "sets": sets,
    }  # fmt: skip


@pytest.fixture(scope="module")
def both() -> tuple[pikepdf.Pdf, pikepdf.Pdf]:
    """The letters filled in, and the same set by typst."""
    document = _document()
    return (
        pikepdf.open(io.BytesIO(writer.write(LAYOUT, document, AT))),
        pikepdf.open(io.BytesIO(printing.render(LAYOUT, copies.plain(document), at=AT))),
    )


def _characters(document: pikepdf.Pdf) -> list[list[tuple[float, float, str, str, float]]]:
    """(y, x, character, face, size) of every character of each page, from the top."""
    fonts: dict[Any, Any] = {}
    pages = []
    for page in document.pages:
        found, font, size, origin = [], None, 0.0, (0.0, 0.0)
        across = 0.0
        for one in pikepdf.parse_content_stream(page):
            operator = str(one.operator)
            if operator == "cm":
                origin = (float(one.operands[4]), float(one.operands[5]))
            elif operator == "Tf":
                font, size = page.Resources.Font[str(one.operands[0])], float(one.operands[1])
            elif operator == "Tm":
                across = 0.0
            elif operator in ("TJ", "Tj"):
                texts, widths = shapes.font_of(font, fonts), glyphs._widths(font.DescendantFonts[0])
                strings = one.operands[0] if isinstance(one.operands[0], pikepdf.Array) else [one.operands[0]]
                for string in strings:
                    raw = bytes(string)
                    for at in range(0, len(raw), 2):
                        code = raw[at] << 8 | raw[at + 1]
                        place = (round(origin[1], 1), round(origin[0] + across, 1))
                        found.append((*place, texts.texts[code], texts.face, size))
                        across += widths.get(code, 0) * size
        pages.append(sorted(found))
    return pages


def test_一字ずつ同じ場所に同じ字がある(both: tuple[pikepdf.Pdf, pikepdf.Pdf]) -> None:
    filled, whole = map(_characters, both)
    assert len(filled) == len(whole) == 8
    for own, other in zip(filled, whole, strict=True):
        assert [one[2:] for one in own] == [one[2:] for one in other]
        for a, b in zip(own, other, strict=True):
            assert abs(a[0] - b[0]) <= 0.11 and abs(a[1] - b[1]) <= 0.11, (a, b)
    assert any(one[2] == "邉\U000e0100" for one in filled[4]), "a glyph with its selector"


def _codes(content: bytes) -> list[bytes]:
    """The bits of every inline picture."""
    heads = re.finditer(rb"BI /W \d+ /H \d+ /BPC 1 /CS /G /L (\d+) ID ", content)
    return [content[head.end() : head.end() + int(head[1])] for head in heads]


def test_符号は一枚ずつ違い_上限を超える納付書にはバーコードがない(both: tuple[pikepdf.Pdf, pikepdf.Pdf]) -> None:
    drawn = [_codes(page.Contents[1].read_bytes()) for page in both[0].pages]
    assert [len(page) for page in drawn] == [0, 4, 0, 2, 0, 2, 0, 3]
    assert len({one for page in drawn for one in page}) == 11
    numbers = slip_codes.numbers(2026, f"{77:010}", 1, 29_500, DUE[0])
    assert slip_codes.qr_codes([numbers.qr])[0].rows in drawn[1]
    assert slip_codes.barcodes([numbers.bar])[0].rows in drawn[1]


def test_タグ付きPDF_AとPDF_UAの決まりを満たす(both: tuple[pikepdf.Pdf, pikepdf.Pdf]) -> None:
    document = both[0]
    root = document.Root
    assert document.check_pdf_syntax() == []
    stated = bytes(root.Metadata.read_bytes())
    assert b"<pdfaid:part>2</pdfaid:part>" in stated and b"<pdfaid:conformance>A</pdfaid:conformance>" in stated
    assert b"<pdfuaid:part>1</pdfuaid:part>" in stated and "税額決定通知書".encode() in stated
    assert root.MarkInfo.Marked and str(root.Lang).startswith("ja") and root.ViewerPreferences.DisplayDocTitle
    assert (
        str(root.OutputIntents[0].S) == "/GTS_PDFA1"
        and "/ID" in document.trailer
        and "/Encrypt" not in document.trailer
    )
    for font in document.pages[0].Resources.Font.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert "/ToUnicode" in font and "+" in str(font.BaseFont)
    owners = _parents(root.StructTreeRoot.ParentTree)
    seen, kinds = set(), set()
    for page in document.pages:
        depth, numbers = 0, []
        for one in pikepdf.parse_content_stream(page):
            if str(one.operator) == "BDC":
                depth += 1
                if "/MCID" in one.operands[1]:
                    numbers.append(int(one.operands[1].MCID))
            elif str(one.operator) == "EMC":
                depth -= 1
            elif str(one.operator) in ("Tj", "TJ", "INLINE IMAGE", "S", "f"):
                assert depth > 0, "everything is marked, as content or as an artefact"
        assert depth == 0 and sorted(numbers) == list(range(len(numbers)))
        own = owners[int(page.StructParents)]
        assert len(own) == len(numbers) and str(page.Tabs) == "/S"
        for number, element in enumerate(own):
            assert number in _numbers(element, page.obj), "the way up and the way down agree"
    for element, parent in _walk(root.StructTreeRoot.K[0], None):
        assert element.objgen not in seen
        seen.add(element.objgen)
        kinds.add(str(element.S))
        assert parent is None or element.P.objgen == parent.objgen
        if str(element.S) == "/Figure":
            assert str(element.Alt).startswith(
                ("地方税統一の二次元コード", "コンビニ収納用バーコード")
            ) and "鑿" not in str(element.Alt)
            assert any("/BBox" in one for one in element.A)
        if str(element.S) == "/TH":
            assert any(str(one.get("/Scope", "")) == "/Column" for one in element.A)
    assert {"/Document", "/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure"} <= kinds


def _parents(tree: Any) -> dict[int, Any]:
    entries = list(tree.Nums)
    return {int(entries[at]): entries[at + 1] for at in range(0, len(entries), 2)}


def _numbers(element: Any, page: Any) -> list[int]:
    found = []
    for kid in element.K:
        if isinstance(kid, int) and element.Pg.objgen == page.objgen:
            found.append(kid)
        elif isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid and kid.Pg.objgen == page.objgen:
            found.append(int(kid.MCID))
    return found


def _walk(element: Any, parent: Any) -> list[tuple[Any, Any]]:
    found = [(element, parent)]
    for kid in element.K:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += _walk(kid, element)
    return found


def test_同じデータと時刻からは同じファイルができる() -> None:
    assert writer.write(LAYOUT, _document(), AT) == writer.write(LAYOUT, _document(), AT)


def test_行に収まらない語がある書式は写さず_typstで組む() -> None:
    document = _document()
    document["kind"] = "letter"
    for one in document["sets"]:
        one |= {"paragraphs": [Blank("とても長い文" * 20), "同じ文"], "rows": [], "answer": []}
    with pytest.raises(NotAForm):
        writer.write(LAYOUT, document, AT)
    content = printing.render_copies(LAYOUT, document, at=AT)
    assert content == printing.render(LAYOUT, copies.plain(document), at=AT)


def test_絵はPNGとしても同じ形を持つ() -> None:
    png = Picture(9, 2, b"\xff\x80\x00\x00").png()
    assert png.startswith(b"\x89PNG") and int.from_bytes(png[16:20], "big") == 9 and png.endswith(b"\xaeB`\x82")
