"""様式書の作成 — the layout in force as a document to print: ``python -m kokunen.counterparts.jps.describe``.

The document is made from the same definitions that the codec reads, so it says what is written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from . import continuation
from .fields import Code
from .layout import Layout, RecordFormat, load_layout

_HEADER = ("列", "項目", "形", "必須", "値の出所")


def describe(layout: Layout) -> str:
    """The layout as Markdown in Japanese."""
    parts = [
        _preface(layout),
        _envelope(layout),
        _management(layout),
        _notices(layout),
        _cover(layout),
        _result(layout),
        _codes(layout),
        _gaiji(layout),
        _continuation(),
    ]
    return "\n".join(parts)


def _preface(layout: Layout) -> str:
    sources = "\n".join(f"- {source}" for source in layout.sources)
    return f"""# {layout.title}

版: `{layout.edition}`　状態: {layout.status}

<!-- この文書は様式の定義（layout/*.yaml）から作られる。直接書き換えず、定義を直して作り直す。 -->

拠り所:

{sources}
"""


def _envelope(layout: Layout) -> str:
    media = "、".join(f"{medium.label}（{medium.capacity // 1_000_000:,} MBまで）" for medium in layout.media.values())
    return f"""## 1 媒体とファイル

- 媒体の種類: {media}。フラッシュメモリは使わない。
- 媒体通番: 年度ごとに{1:0{layout.serial_digits}}から{layout.serial_last}まで。
  同じ内容の作り直しは同じ通番・同じバイト（再発行）、新しい通番での作り直しは再作成区分1とし、元の通番を記す。
- 1枚の媒体は3つのファイルで渡す。名前の幹は「市区町村コード5桁-年度-媒体通番」。
  1. `….kmi` 封印した媒体イメージ。中のファイルは `{layout.file_name}` 1つ。
  2. `….manifest.json` 目録（平文）。ファイル名、バイト数、SHA-256、届書ごとの件数、鍵番号と鍵の保管責任者。
  3. `…{layout.cover_suffix}` 送付書のデータ（平文）。最後に置く。これが置かれた時に引渡しが終わる。
- 封印: AES-256-GCM。鍵は受取り側の公開鍵（X25519）で包み、差出し側が署名（Ed25519）する。平文の媒体は作れない。
- `{layout.file_name}`: 文字コードCP932、行末はすべてCRLF（最終行も）、項目の区切りは半角コンマ。
  引用符・制御文字は使わない。空の項目も列を省かない。IBM拡張文字はIBMの符号（FA〜FC）で書く。
- 行の順: 管理レコード、`{layout.kanri_marker}`、総括、提出元、`{layout.data_marker}`、届書（1件1行、連番順）。
"""


def _management(layout: Layout) -> str:
    tables = [
        _titled("### 2.1 管理レコード（1行目）", layout.management),
        _titled("### 2.2 総括（3行目）", layout.summary),
        _titled("### 2.3 提出元（4行目）", layout.sender),
    ]
    return "\n".join(["## 2 管理の行\n", *tables])


def _notices(layout: Layout) -> str:
    listed = _table(
        ("届書コード", "届書", "列数"),
        ([f"`{notice.code}`", notice.title, str(notice.record.width + 1)] for notice in layout.notices.values()),
    )
    parts = [f"## 3 届書\n\n1列目は届書コード。列の数は届書ごとに一定。\n\n{listed}"]
    for number, notice in enumerate(layout.notices.values(), 1):
        heading = f"### 3.{number} {notice.title}（{notice.code}）"
        parts.append(_titled(heading, notice.record, first=2))
    return "\n".join(parts)


def _cover(layout: Layout) -> str:
    first = _titled("### 4.1 1行目", layout.cover)
    rest = _titled("### 4.2 2行目から（届書ごとの件数）", layout.cover_count)
    return f"## 4 送付書のデータ（{layout.cover_suffix}）\n\n{first}\n{rest}"


def _result(layout: Layout) -> str:
    name, listing = layout.result["name"], layout.result["list_name"]
    data, faults = layout.result["data_marker"], layout.result["fault_marker"]
    reasons = _table(("コード", "返戻理由"), ([f"`{code}`", reason] for code, reason in layout.reasons.items()))
    return "\n".join(
        [
            f"## 5 処理結果一覧\n\n封印したイメージ（`….kmr`）の中に `{name}` と印刷用の `{listing}` が入る。",
            f"2行目は、処理済なら `{data}`、媒体不受理なら `{faults}`。\n",
            _titled("### 5.1 処理結果管理レコード（1行目）", layout.result_management),
            _titled("### 5.2 処理結果（3行目から、届書と同じ順）", layout.result_line),
            _titled("### 5.3 不受理の理由（媒体不受理のとき3行目から）", layout.result_fault),
            f"### 5.4 返戻理由\n\n{reasons}",
        ]
    )


def _codes(layout: Layout) -> str:
    tables: dict[str, Code] = {}
    records = [*(notice.record for notice in layout.notices.values()), layout.summary, layout.cover]
    for record in (*records, layout.result_line, layout.result_management):
        for item in record.fields:
            if isinstance(item.type, Code) and item.type.labels:
                tables.setdefault(item.type.table, item.type)
    parts = ["## 6 コード表\n"]
    for name, table in sorted(tables.items()):
        rows = ([f"`{table.written[own]}`", label] for own, label in table.labels.items())
        parts.append(f"### {name}\n\n{_table(('コード', '意味'), rows)}")
    return "\n".join(parts)


def _gaiji(layout: Layout) -> str:
    text = ([_named(character), _named(other)] for character, other in layout.gaiji.replacements.items())
    kana = ([_named(character), _named(other)] for character, other in layout.gaiji.kana.items())
    selectors = "基本の字で書き、控えに挙げる" if layout.gaiji.strips_selectors else "書けない文字として止める"
    return f"""## 7 外字の置換え

CP932で表せない文字は、次の表にあるものだけを置き換え、置き換えたものはすべて媒体内容の控えに挙げる。
表にない文字があれば媒体を作らず、受付番号・項目・文字を挙げて止まる。異体字セレクタ（IVS）は、{selectors}。

### 7.1 全角文字

{_table(("文字", "置換え"), text)}
### 7.2 半角の形がない片仮名

{_table(("文字", "置換え"), kana)}"""


def _continuation() -> str:
    form = continuation.layout()
    incomes, results = (
        "、".join(f"`{name}`" for name in names) for names in (form["incomes"]["columns"], form["results"])
    )
    return f"""## 8 継続審査の所得の回答と結果

どちらもCP932、行末はCRLF、区切りは半角コンマの平文で、様式は市の様式に合わせた暫定のものである。

- 所得の回答（市から）: 名前は「市区町村コード5桁`{continuation.INCOMES}`…`{continuation.SUFFIX}`」。
  列は順に {incomes}。
- 結果一覧（機構から）: 名前は「市区町村コード5桁`-keizoku-`通番4桁`{continuation.SUFFIX}`」。
  列は順に {results}。
"""


def _titled(heading: str, record: RecordFormat, *, first: int = 1) -> str:
    rows = []
    column = first
    for item in record.fields:
        last = column + item.type.width - 1
        place = str(column) if last == column else f"{column}〜{last}"
        form = (
            f"コード（6の {item.type.table}）"
            if isinstance(item.type, Code) and item.type.labels
            else item.type.describe()
        )
        must = "○" if item.required else "△" if item.required_unless else ""
        rows.append([place, item.label, form, must, "自動" if item.automatic else "、".join(item.sources)])
        column = last + 1
    return f"{heading}\n\n{_table(_HEADER, rows)}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [" | ".join(header), " | ".join("---" for _ in header), *(" | ".join(row) for row in rows)]
    return "".join(f"| {line} |\n" for line in lines)


def _named(text: str) -> str:
    return f"{text}（{'、'.join(f'U+{ord(character):04X}' for character in text)}）"


if __name__ == "__main__":
    sys.stdout.write(describe(load_layout()))
