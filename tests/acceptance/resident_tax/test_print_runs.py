"""S6-1, S6-3, S6-6 一括印刷: sorted, counted, restartable, reconciled; what is on the paper is what was decided."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from pypdf import PdfReader
from tests.resident_tax.support import TaxOffice, decision

from kokunen.config import keys
from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext
from kokunen.resident_tax.choices import PrintKind, Reply


@pytest.fixture
def hall(city: TaxOffice, officer: AccessContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """事業の人5人（うち支援措置1人、死亡1人）、給与の人2人、資料のない人1人、所得の多い配偶者を扶養する人."""
    from kokunen.resident_tax.models import WithholdingAgent

    shutil.copytree(keys.key_dir(), tmp_path / "keys")  # processes of their own sign in to the same database
    monkeypatch.setenv("KOKUNEN_DATA", str(tmp_path))
    WithholdingAgent.objects.create(number="1000001", name="株式会社川口商店", address="川口市本町一丁目1番1号")
    people = {}
    for number in range(5):
        people[f"shop{number}"] = city.resident(
            date(1980, 1, 1 + number), name=f"店主　{number}", postal_code=f"33200{20 - number}", protected=number == 4
        )
        city.document(people[f"shop{number}"], "21", business_income=2_020_000 + number, social_insurance=450_000)
    for number in range(2):
        people[f"clerk{number}"] = city.resident(date(1985, 1, 1 + number), name=f"社員　{number}")
        city.document(people[f"clerk{number}"], salary_receipts=3_000_000, social_insurance=450_000, main=True,
                      payer_number="1000001")  # fmt: skip
    people["silent"] = city.resident(date(1990, 1, 1), name="無申告　一")
    people["wife"] = city.resident(date(1986, 1, 1), name="店主　妻")
    city.document(people["wife"], salary_receipts=2_000_000)
    city.claims(people["shop0"], people["wife"], "01")
    city.assess(officer)
    city.dies(people["shop3"], date(2026, 6, 1))
    return people


def _print(kind: PrintKind, officer: AccessContext, **how: Any) -> Any:
    from kokunen.resident_tax.services import print_runs

    run = print_runs.start(kind=kind, tax_year=2026, context=officer)
    return print_runs.carry_on(run.pk, context=officer, **how)


def _text(run: Any, officer: AccessContext, number: int = 1) -> list[str]:
    from kokunen.resident_tax.services import print_runs

    content = print_runs.read_part(run.pk, number, context=officer)
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


@pytest.mark.function("S6-3")
def test_普通徴収の通知書と納付書は郵便番号順に出て数が合う(hall: dict[str, str], officer: AccessContext) -> None:
    from kokunen.resident_tax.models import PrintedNotice
    from kokunen.resident_tax.services import print_runs

    run = _print(PrintKind.ORDINARY, officer)
    assert (run.state, run.total, run.held, run.printed, run.pages) == ("3", 6, 2, 4, 8)
    order = list(PrintedNotice.objects.filter(run=run, held="").order_by("sequence").values_list("subject", flat=True))
    assert order == [hall["wife"], hall["shop2"], hall["shop1"], hall["shop0"]]
    reasons = dict(PrintedNotice.objects.filter(run=run).exclude(held="").values_list("subject", "held"))
    assert reasons[hall["shop4"]].startswith("支援措置") and reasons[hall["shop3"]].startswith("死亡")
    found = print_runs.reconcile(run)
    assert found.agrees and found.printed_amount == sum(decision(number).total_tax for number in order)
    pages = _text(run, officer)
    one = decision(hall["shop2"])
    assert "店主　2" in pages[2] and "税額決定通知書" in pages[2] and f"{one.total_tax:,}円" in pages[2]
    for amount in one.instalments:
        assert f"{amount:,}円" in pages[3]
    assert pages[3].count("納付書") == 4 and "令和8年6月30日" in pages[3]


@pytest.mark.function("S6-3")
def test_印刷物はタグ付きPDFで_符号は読み取れる長さである(hall: dict[str, str], officer: AccessContext) -> None:
    from kokunen.resident_tax.documents import slip_codes
    from kokunen.resident_tax.services import print_runs

    run = _print(PrintKind.ORDINARY, officer)
    with pikepdf.open(BytesIO(print_runs.read_part(run.pk, 1, context=officer))) as document:
        assert document.Root.MarkInfo.Marked and "/StructTreeRoot" in document.Root
        assert b"pdfaid:part" in bytes(document.Root.Metadata.read_bytes())
        codes = [one for page in document.pages for one in pikepdf.parse_content_stream(page)
                 if str(one.operator) == "INLINE IMAGE"]  # fmt: skip
        assert len(codes) == 4 * 4 * 2  # two codes on each of the four slips of four letters
    numbers = slip_codes.numbers(2026, "0000000123", 2, 29_500, date(2026, 8, 31))
    assert (len(numbers.key), len(numbers.check), len(numbers.qr), len(numbers.bar)) == (20, 6, 54, 44)
    assert slip_codes.numbers(2026, "0000000123", 2, 300_001, date(2026, 8, 31)).bar == ""


@pytest.mark.function("S6-3")
def test_止まった印刷は残りの分冊だけを続け二度印刷しない(
    hall: dict[str, str], officer: AccessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.resident_tax.models import PrintPart
    from kokunen.resident_tax.services import print_runs

    monkeypatch.setattr(print_runs, "SETS", 2)
    run = _print(PrintKind.ORDINARY, officer, most=1)
    assert run.state == "1" and print_runs.missing(run) == [2, 3]
    first = PrintPart.objects.get(run=run, number=1)
    print_runs.stopped(run.pk, "紙がありません")
    with pytest.raises(Conflict, match="終わっていません"):
        print_runs.start(kind=PrintKind.ORDINARY, tax_year=2026, context=officer)
    for index in range(2):
        run = print_runs.carry_on(run.pk, context=officer, index=index, of=2)
    assert run.state == "3" and run.printed == 4 and print_runs.reconcile(run).agrees
    assert PrintPart.objects.get(run=run, number=1).sha256 == first.sha256
    (print_runs.folder(run.pk) / first.file_name).write_bytes(b"x")
    with pytest.raises(Conflict, match="印刷したときと違います"):
        print_runs.read_part(run.pk, 1, context=officer)


@pytest.mark.function("S6-3")
def test_特別徴収の通知書は事業所用と本人用で月割が合う(hall: dict[str, str], officer: AccessContext) -> None:
    one = decision(hall["clerk0"])
    (employer,) = _text(_print(PrintKind.EMPLOYER, officer), officer)
    assert "株式会社川口商店" in employer and "2人" in employer and f"{2 * one.total_tax:,}円" in employer
    assert f"{2 * one.instalments[0]:,}円" in employer
    pages = _text(_print(PrintKind.EMPLOYEE, officer), officer)
    assert len(pages) == 2 and "株式会社川口商店" in pages[0] and f"{one.instalments[0]:,}円" in pages[0]


@pytest.mark.function("S6-1")
def test_申告のお願いは資料がなく誰の扶養でもない成人に出る(hall: dict[str, str], officer: AccessContext) -> None:
    pages = _text(_print(PrintKind.DECLARATION, officer), officer)
    assert len(pages) == 1 and "無申告　一" in pages[0] and "申告のお願い" in pages[0]
    assert "令和8年3月16日" in pages[0].replace("\n", ""), "15日は日曜日である"


@pytest.mark.function("S6-6")
def test_扶養の照会書を出し回答を記録すると更正の起案に進む(
    hall: dict[str, str], officer: AccessContext, sign_in: Callable[[str], Client]
) -> None:
    from kokunen.resident_tax.models import PrintedNotice

    run = _print(PrintKind.INQUIRY, officer)
    (letter,) = _text(run, officer)
    assert "店主　0" in letter and "店主　妻" in letter and "所得が上限を超える" in letter
    notice = PrintedNotice.objects.get(run=run)
    client = sign_in("zei1")
    wrong = client.post(f"/tax/prints/letters/{notice.pk}/reply/", {"reply": "2", "note": ""})
    assert wrong.status_code == 422
    done = client.post(f"/tax/prints/letters/{notice.pk}/reply/", {"reply": "2", "note": "妻の収入が増えた"})
    assert done.status_code == 302 and done["Location"] == f"/tax/people/{hall['shop0']}/2026/change/"
    notice.refresh_from_db()
    assert notice.reply == Reply.DENIED and notice.replied_by
    shown = client.get(f"/tax/prints/{run.pk}/?show=all").content.decode()
    assert "扶養を取り消す" in shown and "妻の収入が増えた" in shown


@pytest.mark.function("S6-3")
def test_一括印刷は係長だけが始め_分冊を開くと閲覧が残る(
    hall: dict[str, str], officer: AccessContext, sign_in: Callable[[str], Client]
) -> None:
    from django.db import connections

    run = _print(PrintKind.ORDINARY, officer)
    clerk, chief = sign_in("zei1"), sign_in("zei9")
    assert clerk.get("/tax/prints/").status_code == 200
    assert clerk.post("/tax/prints/start/", {"tax_year": 2026, "kind": "1"}).status_code == 403
    assert clerk.get(f"/tax/prints/{run.pk}/parts/1.pdf").status_code == 403
    assert sign_in("nenkin1").get("/tax/prints/").status_code == 403
    shown = chief.get(f"/tax/prints/{run.pk}/").content.decode()
    assert "すべて合っています" in shown and "支援措置" in shown
    answer = chief.get(f"/tax/prints/{run.pk}/parts/1.pdf")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    with connections["ledger"].cursor() as cursor:
        cursor.execute("select count(*) from ledger.entry where act = 'print' and dataset = '一括印刷の分冊'")
        assert cursor.fetchone()[0] == 1


@pytest.mark.function("S6-3")
def test_一括印刷は運用のジョブとして動き_失敗は画面に残り_続きから印刷して突合する(
    hall: dict[str, str], sign_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.common_platform.operations.executing import execute_step
    from kokunen.common_platform.operations.models import StepRun
    from kokunen.resident_tax.models import PrintPart, PrintRun
    from kokunen.resident_tax.services import print_runs

    chief, blocked = sign_in("zei9"), print_runs.environment.data_dir() / "prints"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    blocked.write_text("ここにフォルダーは作れない")
    assert chief.post("/tax/prints/start/", {"tax_year": 2026, "kind": PrintKind.EMPLOYEE}).status_code == 302
    run = PrintRun.objects.get()
    first = StepRun.objects.get(run__net="TXR030")
    assert execute_step(first.pk, first.attempt)
    run.refresh_from_db()
    first.refresh_from_db()
    assert run.state == "2" and run.problem and not PrintPart.objects.exists() and "print_stopped" in first.message
    blocked.unlink()
    assert run.problem in chief.get(f"/tax/prints/{run.pk}/").content.decode()
    assert chief.post(f"/tax/prints/{run.pk}/carry-on/").status_code == 302
    again = StepRun.objects.filter(run__net="TXR030").latest("pk")
    assert execute_step(again.pk, again.attempt)
    run.refresh_from_db()
    again.refresh_from_db()
    assert run.state == "3" and print_runs.reconcile(run).agrees
    assert (again.return_code, again.done, again.total) == (0, 2, 2) and "印刷2通" in again.message
    assert again.checkpoint == {"printed": 2}


@pytest.mark.function("S6-3")
def test_中止した一括印刷は処理を終わらせ_後で続けられる(
    hall: dict[str, str], officer: AccessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.common_platform.operations import runs
    from kokunen.common_platform.operations.choices import RunState
    from kokunen.common_platform.operations.executing import execute_step
    from kokunen.common_platform.operations.models import StepRun
    from kokunen.resident_tax import jobs, print_work
    from kokunen.resident_tax.services import print_runs

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    run = print_runs.start(kind=PrintKind.ORDINARY, tax_year=2026, context=officer)
    jobs.hand_over(jobs.PRINT, run.pk, officer)
    step = StepRun.objects.select_related("run").get(run__net="TXR030")
    progress = jobs.StepContext.progress

    def cancelled(self: Any, done: int, total: int) -> None:
        progress(self, done, total)
        step.run.refresh_from_db()
        if step.run.state != RunState.CANCELLED:
            runs.cancel_run(step.run_id, by="3002")

    monkeypatch.setattr(jobs.StepContext, "progress", cancelled)
    execute_step(step.pk, step.attempt)
    run.refresh_from_db()
    assert run.state == "2" and "中止" in run.problem and run.printed == 0
    assert print_work.look_after(run.pk, "3002", "3010", lambda: True)
    assert print_runs.reconcile(run).agrees
