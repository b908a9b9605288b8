"""様式書の作成 — messages and 500-byte records as one document: ``python -m kokunen.counterparts.eltax.describe``."""

from __future__ import annotations

import sys

from ..framework.describe import describe as describe_messages
from ..framework.messages import load_layout
from .records import Column, layout

_KINDS = {
    "constant": "固定値", "digits": "数字", "date": "西暦YYYYMMDD", "amount": "数字（右詰め、前に0）",
    "kana": "半角カナ（JIS X 0201）", "kanji": "漢字（JIS X 0208、切替符号の間）", "text": "英数字", "filler": "空白",
}  # fmt: skip
_NAMES = {"header": "ヘッダ", "data": "明細", "trailer": "トレイラ"}


def describe() -> str:
    """The layout as Markdown in Japanese, from both definitions."""
    form = layout()
    parts = [describe_messages(load_layout(__package__)), _preface(form.size)]
    parts += [f"### {_NAMES[name]}\n\n{_table(columns)}\n" for name, columns in form.records.items()]
    rows = "\n".join(
        f"| {code} | {'、'.join(f'{i} {words}' for i, words in enumerate(content['amounts'], 1)) or 'なし'} | "
        f"{'、'.join(f'{key} {words}' for key, words in content['divisions'].items())} |"
        for code, content in form.contents.items()
    )
    parts.append(f"### 通知内容コードごとの金額と各種区分\n\n| コード | 金額 | 各種区分 |\n|---|---|---|\n{rows}\n")
    results = "、".join(f"{code} {words}" for code, words in form.results.items())
    parts.append(f"### 処理結果\n\n{results}\n")
    return "\n".join(parts)


def _preface(size: int) -> str:
    return f"""## ファイルの中の記録（{size}バイト固定長）

<!-- この部分は records.yaml から作られる。直接書き換えず、定義を直して作り直す。 -->

1つのファイルは、1つの特別徴収義務者について、ヘッダ1件、明細、トレイラ1件。行末の符号はない。
介護保険・国民健康保険・後期高齢者医療の
特別徴収と同じ並びで、金額4から8と住民税での符号の意味は **市の取り決め** である。
eLTAXの仕様書を入手したときは、定義を差し替える。
JIS X 0208にない文字は「〓」で渡す。
"""


def _table(columns: tuple[Column, ...]) -> str:
    rows, start = [], 1
    for column in columns:
        kind = f"固定値 {column.value}" if column.kind == "constant" else _KINDS[column.kind]
        rows.append(f"| {start} | {column.bytes} | {column.label} | {kind} |")
        start += column.bytes
    body = "\n".join(rows)
    return f"| 位置 | バイト | 項目 | 形 |\n|---|---|---|---|\n{body}"


if __name__ == "__main__":
    sys.stdout.write(describe())
