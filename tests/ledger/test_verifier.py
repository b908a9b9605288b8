"""開示と検証: a disclosure proves itself to a stranger with Python alone, and no forged one passes."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.control("CTL-056")
A, B, C = "000000000000019", "000000000000027", "000000000000035"
VERIFIER = Path(__file__).resolve().parents[2] / "src" / "kokunen" / "ledger" / "verifier.py"


@pytest.fixture
def city(look, context):
    """Looks at three people over two checkpoints."""
    from kokunen.ledger.checkpoints import take
    from kokunen.ledger.disclosure import public_keys

    for number in range(260):
        look(A if number % 90 == 0 else B, n=number)
    look(A, B, C)
    take()
    look(A, C)
    look(C)
    return public_keys()


@pytest.fixture
def disclosed(city, context):
    """The disclosure of A as it would be read from its file."""
    from kokunen.ledger.disclosure import disclose

    return json.loads(json.dumps(disclose(A, context=context), ensure_ascii=False))


def _run(tmp_path: Path, document: object, keys: object, *more: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "disclosure.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    copied = tmp_path / "verifier.py"
    copied.write_bytes(VERIFIER.read_bytes())
    command = [sys.executable, "-I", "-S", str(copied), "disclosure.json", "keys.json", *more]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)


def test_開示は標準ライブラリだけで検証できる(disclosed, city, tmp_path, custodian_folder) -> None:
    log = custodian_folder / "checkpoints.jsonl"
    done = _run(tmp_path, disclosed, city, "--checkpoints", str(log))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "閲覧 6 件" in done.stdout  # three looks, one with two others, one with another, and this disclosure
    assert [entry["number"] for entry in disclosed["entries"]] == [1, 2, 3, 4, 5, 6]
    assert B not in json.dumps(disclosed) and C not in json.dumps(disclosed), "others do not appear"


def test_開示は本人が知らないうちにも漏れなく続く(disclosed, city, look, context) -> None:
    from kokunen.ledger import verifier
    from kokunen.ledger.disclosure import disclose

    look(A)
    again = json.loads(json.dumps(disclose(A, context=context)))
    assert verifier.verify(again, city) == 8
    assert again["checkpoint"] > disclosed["checkpoint"]


def _set(document, path, value):
    *way, last = path
    for step in way:
        document = document[step]
    document[last] = value


def _forgeries(good: dict, other: dict) -> dict[str, tuple[dict, str]]:
    """Every way of lying that we could think of, each with the words of its refusal."""
    found: dict[str, tuple[dict, str]] = {}

    def forge(name: str, words: str):  # type: ignore[no-untyped-def]
        document = copy.deepcopy(good)
        found[name] = (document, words)
        return document

    newest = str(good["checkpoint"])
    d = forge("末尾の切落し", "件のはずですが")
    d["entries"].pop()
    d["person"]["count"] -= 1
    d = forge("途中の抜取り", "件のはずですが")
    del d["entries"][1]
    d = forge("抜いて番号を詰める", "件のはずですが")
    del d["entries"][1]
    for number, entry in enumerate(d["entries"], 1):
        entry["number"] = number
    d = forge("並べ替え", "順序が違います")
    d["entries"][0], d["entries"][1] = d["entries"][1], d["entries"][0]
    d["entries"][0]["number"], d["entries"][1]["number"] = 1, 2
    d = forge("同じ記録の水増し", "順序が違います")
    d["entries"][1] = {**d["entries"][0], "number": 2}
    for name, field, value in (
        ("職員の書換え", "staff_number", "9002"),
        ("時刻の書換え", "recorded_at", "2020-01-01T00:00:00.000000"),
        ("目的の書換え", "purpose", "audit"),
        ("項目の書換え", "items", []),
        ("人数の書換え", "subject_count", 5),
        ("端末の書換え", "terminal", "T-999"),
        ("欄の境をずらす", "dataset", "個人"),
        ("詳細の差替え", "detail_hash", "00" * 32),
    ):
        d = forge(name, "台帳にありません")
        d["entries"][0][field] = value
    d = forge("他人の証明の流用", "本人の件数が")
    d["person"] = {**other["person"]}
    d["entries"] = copy.deepcopy(other["entries"])
    d["person"]["atena_number"] = A
    d = forge("他人の塩", "本人の件数が")
    d["person"]["salt"] = other["person"]["salt"]
    d = forge("他人の記録を混ぜる", "この人の閲覧ではありません")
    d["entries"][1] = {**copy.deepcopy(other["entries"][2]), "number": 2}
    d = forge("対象者の印の追加", "台帳にありません")
    d["entries"][0]["commitments"] = sorted([*d["entries"][0]["commitments"], "ff" * 32])
    d = forge("対象者の印の重複", "並びが違います")
    d["entries"][0]["commitments"] *= 2
    d = forge("節を葉と偽る", "台帳にありません")
    d["entries"][0]["path"] = d["entries"][0]["path"][1:]
    d = forge("道の差替え", "台帳にありません")
    d["entries"][0]["path"][0] = "00" * 32
    d = forge("道の延長", "台帳にありません")
    d["entries"][0]["path"].append("00" * 32)
    d = forge("位置の偽り", "台帳にありません")
    d["entries"][0]["position"] += 1
    d = forge("範囲の外の位置", "範囲にありません")
    d["entries"][-1]["checkpoint"] = 1
    d = forge("件数の偽り", "本人の件数が")
    for member in d["people"]["bucket"]:
        member[1] += 1
    d = forge("同じ印を二つ", "組の並びが違います")
    d["people"]["bucket"].append(copy.deepcopy(d["people"]["bucket"][0]))
    d = forge("組の道の差替え", "本人の件数が")
    d["people"]["path"][3] = "11" * 32
    d = forge("木の大きさの偽り", "市の署名が違います")
    text = d["checkpoints"][newest]["statement"]
    d["checkpoints"][newest]["statement"] = text.replace("\nlast ", "\nlast 9")
    d = forge("署名の偽造", "市の署名が違います")
    d["checkpoints"][newest]["signature"] = "01" * 384
    d = forge("短い署名", "市の署名が違います")
    d["checkpoints"][newest]["signature"] = "01"
    d = forge("法より大きい署名", "市の署名が違います")
    d["checkpoints"][newest]["signature"] = "ff" * 384
    d = forge("受領書の流用", "受領書が、この検印のものではありません")
    d["checkpoints"][newest]["receipt"] = d["checkpoints"]["1"]["receipt"]
    d = forge("受領の署名の偽造", "第二保管者の署名が違います")
    d["checkpoints"][newest]["receipt_signature"] = d["checkpoints"][newest]["signature"]
    d = forge("古い検印を最新と偽る", "最も新しい検印ではありません")
    d["checkpoint"] = 1
    d = forge("古い検印だけを示す", "本人の件数が")
    d["checkpoint"] = 1
    del d["checkpoints"][newest]
    d = forge("番号を偽る検印", "番号が違います")
    d["checkpoints"]["9"] = d["checkpoints"][newest]
    d = forge("検印が足りない", "検印がありません")
    del d["checkpoints"]["1"]
    d = forge("余分な空行", "検印の文の形が違います")
    d["checkpoints"][newest]["statement"] = text + "\n"
    d = forge("書式の偽り", "知る書式ではありません")
    d["format"] = "kokunen disclosure 0"
    d = forge("真偽値を数と偽る", "数が読めません")
    d["entries"][0]["position"] = True
    d = forge("欄の欠落", "書類の形が違います")
    del d["entries"][0]["purpose"]
    d = forge("大文字の16進", "16進の値が読めません")
    d["entries"][0]["detail_hash"] = d["entries"][0]["detail_hash"].upper() + "G"
    d = forge("件数の記載だけ偽る", "件数の記載が違います")
    d["person"]["count"] = 99
    return found


def test_偽造した開示はどれも検証を通らない(disclosed, city, context) -> None:
    from kokunen.ledger import verifier
    from kokunen.ledger.disclosure import disclose

    other = json.loads(json.dumps(disclose(C, context=context)))
    forged = _forgeries(disclosed, other)
    assert len(forged) > 35
    passed, wrong = [], {}
    for name, (document, words) in forged.items():
        try:
            verifier.verify(document, city)
            passed.append(name)
        except verifier.Refused as refused:
            if words not in str(refused):
                wrong[name] = str(refused)
    assert passed == []
    assert wrong == {}
    assert verifier.verify(disclosed, city) == 6, "the good one still passes"


def test_一人だけに見せた別の台帳は控えで分かる(disclosed, city, tmp_path, custodian_folder) -> None:
    """Split view: both signatures are good, but the custodian's log has another statement under that number."""
    log = (custodian_folder / "checkpoints.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(log[0])
    first["statement"] = first["statement"].replace("people 3", "people 4")
    held = tmp_path / "held.jsonl"
    held.write_text("\n".join([json.dumps(first), *log[1:]]) + "\n", encoding="utf-8")
    done = _run(tmp_path, disclosed, city, "--checkpoints", str(held))
    assert done.returncode == 1
    assert "控え" in done.stdout
    held.write_text("\n".join(log[:1]) + "\n", encoding="utf-8")
    assert _run(tmp_path, disclosed, city, "--checkpoints", str(held)).returncode == 1


def test_別の鍵の開示は通らない(disclosed, city, tmp_path) -> None:
    other = {**city, "city": city["custodian"]}
    done = _run(tmp_path, disclosed, other)
    assert done.returncode == 1
    assert "市の署名" in done.stdout
    assert _run(tmp_path, [], city).returncode == 1
    assert _run(tmp_path, {}, city, "x").returncode == 2
