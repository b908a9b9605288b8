"""電文様式書の作成 — a line's layout as a document: ``python -m kokunen.counterparts.framework.describe PARTY``.

The document is made from the same ``layout.yaml`` that both ends read, so it says what goes over the line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from .messages import FORMAT, Item, Kind, MessageLayout, load_layout

_TYPES = {
    "text": "文字",
    "kana": "カタカナ",
    "date": "日付（YYYY-MM-DD）",
    "digits": "数字",
    "integer": "整数",
    "flag": "真偽",
    "list": "一覧",
}
_CHECKS = {
    "resident_code": "11桁・検査数字",
    "residence_card": "英2・数8・英2",
    "municipality": "6桁・検査数字",
}
_WAYS = {"out": "市から送る", "in": "市が受け取る"}


def describe(layout: MessageLayout) -> str:
    """The layout as Markdown in Japanese."""
    parts = [_preface(layout)]
    parts += [_kind(kind) for kind in layout.kinds.values()]
    for code, items in layout.records.items():
        parts.append(f"## {code} の1件（CSV、{len(items)}項目、この順）\n\n{_table(items)}\n")
    reasons = "\n".join(f"| {code} | {words} |" for code, words in layout.reasons.items())
    parts.append(f"## 拒否の理由\n\n| 符号 | 理由 |\n|---|---|\n{reasons}\n")
    return "\n".join(parts)


def _preface(layout: MessageLayout) -> str:
    return f"""# {layout.title}との電文

版: `{layout.edition}`

<!-- この文書は様式の定義（layout.yaml）から作られる。直接書き換えず、定義を直して作り直す。 -->

回線は HTTPS（TLS 1.3、両側の証明書）。電文はUTF-8のJSON1つで、封筒（`format` は `{FORMAT}`、`edition`、`kind`、
`number`、`sender`、`receiver`、`created_at`）と `items` からなる。

{_PROTOCOL if any(kind.way == "out" for kind in layout.kinds.values()) else _ASKED}"""


_PROTOCOL = """\
- 送る: `POST /messages`。見出し `X-Message-Number` に電文番号、`Content-Digest` に本文のSHA-256。応答は `result`
  （`accepted`／`refused`）、`receipt`、`faults`。同じ番号をもう一度送ると、同じ応答が返る。
- 受け取る: `POST /outgoing/next` で古い順に50通まで。市が保存した番号を `POST /outgoing/taken` で知らせるまで、同じ
  ものが返る。
- 本人ごとの番号（`sequence`）は1から増える。小さい順に送る。
"""
#: A party that only asks: the city's own line answers it at once.
_ASKED = """\
- 相手方が `POST /messages` で市に求め、市はその場で答える。見出し `X-Message-Number` に電文番号、
  `Content-Digest` に本文のSHA-256。
- 応答は JSON。`outcome`（`issued` 交付、`refused` 交付できない、`noted` 記録した）、`serial`（発行番号）、`words`（交付
  できないときに画面に出す文。理由によらず同じ）、`pdf`（証明書、Base64）。
- 同じ番号をもう一度送ると、はじめの交付と同じものが返る。証明書が2通になることはない。
- 取扱時間と年齢は、法令上の数値 `certificates/kiosk` にある。断った理由の符号は市の記録（`kiosk_request`）にだけ残る:
  `closed` 時間外、`not_found` 該当なし、`removed` 除票、`departing` 転出予定、`too_young` 年齢、`withheld` 抑止、
  `provisional` 異動の決裁待ち。
"""


def _kind(kind: Kind) -> str:
    return f"## {kind.code} {kind.name}（{_WAYS[kind.way]}）\n\n{kind.basis}\n\n{_table(kind.items)}\n"


def _table(items: Sequence[Item]) -> str:
    rows = "\n".join(_rows(items, ""))
    return f"| 項目 | 名称 | 形 | 必須 | 注 |\n|---|---|---|---|---|\n{rows}"


def _rows(items: Sequence[Item], place: str) -> Iterator[str]:
    for item in items:
        length = f"{item.length}文字まで" if item.length else f"{item.most}件まで" if item.most else ""
        form = "・".join(filter(None, (_TYPES[item.type], _CHECKS.get(item.check, ""), length)))
        codes = "、".join(f"{code} {words}" for code, words in item.codes)
        note = "。".join(filter(None, (codes, item.note)))
        yield f"| `{place}{item.name}` | {item.label} | {form} | {'○' if item.required else ''} | {note} |"
        yield from _rows(item.of, f"{place}{item.name}.")


def main(arguments: Sequence[str]) -> int:
    """Print the document of one party."""
    sys.stdout.write(describe(load_layout(f"kokunen.counterparts.{arguments[0]}")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
