"""評価書の机: the public page, live figures, the way of a version over the screens, and who may not."""

from __future__ import annotations

import io

import pytest
from tests.common_platform.access_history.support import client_of


@pytest.fixture(autouse=True)
def _day(monkeypatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")


@pytest.mark.control("CTL-001")
@pytest.mark.control("CTL-142")
def test_評価書は誰でも見られ人の情報を含まない(city_database, admin_connection) -> None:
    from django.test import Client

    page = Client().get("/assessment/")
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "川口市 国民年金に関する事務 重点項目評価書", "令和7年12月26日", "リスクを軽減させるために十分な措置を行い",
        "生活福祉1課、生活福祉2課、市民課、市民税課", "(別添1)", "純損失", "情報公開文書係", "番号法改正に伴う項ずれ",
    ):  # fmt: skip
        assert words in text, words
    assert admin_connection.execute("select count(*) from ledger.entry").fetchone() == (0,)


@pytest.mark.control("CTL-001")
def test_様式3のPDFも誰でも得られる(city_database) -> None:
    from django.test import Client
    from pypdf import PdfReader

    answer = Client().get("/assessment/?format=pdf")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    assert "重点項目評価書" in text and "(別添2)変更箇所" in text and "国民年金情報ファイル" in text


@pytest.mark.control("CTL-031")
@pytest.mark.control("CTL-036")
def test_実際の数は記載と並び外れれば告げる(city_database) -> None:
    client = client_of("kansa1")
    text = client.get("/assessment/desk").content.decode()
    assert "記載を外れています" in text  # an empty file and eleven users: both below their bands
    assert "50項目以上100項目未満" in text
    assert "公表版" in text and "次の案" in text and "電子記録媒体" in text
    pdf = client.get("/assessment/desk/form.pdf")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")


@pytest.mark.control("CTL-003")
def test_夜のしきい値判断は結果と警告を残す(city_database, monkeypatch) -> None:
    from kokunen.assessment import figures, jobs
    from kokunen.assessment.models import ThresholdJudgement

    monkeypatch.setattr(figures, "live_counts", lambda: {"I.1.subjects": 290_000, "II.3.user_count": 100})
    jobs.judge_threshold()
    jobs.judge_threshold()
    found = ThresholdJudgement.objects.get()
    assert found.result == "基礎項目評価及び重点項目評価"
    assert any("使用者数 100" in words and "外れています" in words for words in found.warnings)
    assert any("対象人数 290,000" in words and "近づいています" in words for words in found.warnings)


@pytest.mark.control("CTL-004")
def test_案は画面で理由を得て別の職員が公表する(city_database) -> None:
    from kokunen.assessment import queries

    drafter, second = client_of("nenkin9"), client_of("kaiji1")
    assert drafter.post("/assessment/versions/new", {"edition": "二〇二七"}).status_code == 422
    assert drafter.post("/assessment/versions/new", {"edition": "2027"}).status_code == 302
    assert "公表できません" in drafter.get("/assessment/versions/2027").content.decode()
    for change in queries.find_changes(queries.get_version("2027")):
        sent = {"leaf": change.leaf_id, "timing": "事前", "reason": "機能に合わせる"}
        assert drafter.post("/assessment/versions/2027/decide", sent).status_code == 302
    assert drafter.post("/assessment/versions/2027/approve").status_code == 403
    assert second.post("/assessment/versions/2027/publish", {"effective_on": "20261201"}).status_code == 409
    assert second.post("/assessment/versions/2027/approve").status_code == 302
    assert second.post("/assessment/versions/2027/publish", {"effective_on": "13月"}).status_code == 422
    assert second.post("/assessment/versions/2027/publish", {"effective_on": "20261124"}).status_code == 302
    text = drafter.get("/assessment/").content.decode()
    assert "発効日 令和8年11月24日" in text and "学生納付特例の在学情報" in text and "機能に合わせる" in text


@pytest.mark.parametrize("number", ["nenkin1", "shimin1", "zei9"])
def test_役割のない職員は机を開けない(city_database, number) -> None:
    client = client_of(number)
    assert client.get("/assessment/desk").status_code == 403
    assert client.post("/assessment/versions/new", {"edition": "x"}).status_code == 403


@pytest.mark.control("CTL-130")
def test_保護措置の一覧は試験と点検を示す(city_database) -> None:
    text = client_of("kansa1").get("/assessment/desk/controls").content.decode()
    assert "CTL-054" in text and "試験あり" in text and "人の点検: 画面を来庁者から見えない向きに置き" in text


@pytest.mark.control("CTL-130")
def test_保護措置の状態は試験か期限のうちの点検による(tmp_path, monkeypatch) -> None:
    from datetime import date

    from kokunen.common_platform.assessment_desk import safeguards

    (tmp_path / "test_one.py").write_text(
        'import pytest\n\n\n@pytest.mark.control("CTL-054")\ndef test_a():\n    pass\n', encoding="utf-8"
    )
    check = {"words": "w", "checked_by": "b", "every": "e", "register": "r", "evidence": "x"}
    checks = {"CTL-096": {**check, "checked_on": date(2026, 11, 2)}, "CTL-058": {**check, "checked_on": None}}
    monkeypatch.setattr(safeguards, "_manual", lambda: checks)

    def states() -> dict[str, str]:
        return {control.control_id: control.state for control in safeguards.find_controls(tmp_path)}

    assert [states()[i] for i in ("CTL-054", "CTL-096", "CTL-058", "CTL-001")] == [
        "covered", "manual", "missing", "missing",
    ]  # fmt: skip
    monkeypatch.setenv("KOKUNEN_TODAY", "2028-01-01")
    assert states()["CTL-096"] == "overdue"


@pytest.mark.control("CTL-130")
def test_どの保護措置にも試験がある() -> None:
    from kokunen.common_platform.assessment_desk import safeguards

    assert [control.control_id for control in safeguards.find_controls() if not control.tests] == []


@pytest.mark.control("CTL-143")
def test_個人情報ファイル簿は評価書から作られ人の情報を含まない(city_database, admin_connection) -> None:
    from django.test import Client

    from kokunen.assessment.document import load_document
    from kokunen.assessment.file_register import entry_of

    document = load_document()
    facts = dict(entry_of(document))
    assert facts["個人情報ファイルの名称"] == document.value("II.1.file")
    assert facts["利用目的"] == document.value("II.3.purpose")
    assert all(leaf.value in facts["記録項目"] for leaf in document.record_items())
    for department in document.value("II.3.sources"):
        assert department in facts["記録情報の収集方法"]
    answer = Client().get("/assessment/file-register")
    assert answer.status_code == 200 and "個人情報ファイル簿" in answer.content.decode()
    assert "純損失" in answer.content.decode()
    assert admin_connection.execute("select count(*) from ledger.entry").fetchone() == (0,)
