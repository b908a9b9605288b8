"""十二人の来庁者の土台: the city hall, a visit at its counter, and what the records say afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.db import transaction
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tests.browser.keyboard import press
from tests.counterparts.support import PartyProcess

VIEWPORT = {"width": 1366, "height": 768}
QUALIFICATION, EXEMPTION, BENEFIT = "pension_qualification", "pension_exemption", "pension_benefit"


_STROKES = """(() => {
  const add = (n) => sessionStorage.setItem("strokes", Number(sessionStorage.getItem("strokes") ?? 0) + n);
  const lengths = new WeakMap();
  let key = 0;
  addEventListener("keydown", () => { key = performance.now(); add(1); }, true);
  addEventListener("click", (event) => event.detail && add(event.target.matches("label, input") ? 2 : 1), true);
  addEventListener("change", (event) => {
    if (performance.now() - key < 50) return;
    add(event.target.matches("select") ? 2 : event.target.matches("[type=checkbox], [type=radio]") ? 0 : 1);
  }, true);
  addEventListener("input", (event) => {
    if (event.target.matches("select, [type=checkbox], [type=radio], [type=range]")) return;
    const before = lengths.get(event.target) ?? 0;
    lengths.set(event.target, event.target.value.length);
    if (performance.now() - key >= 50) add(Math.abs(event.target.value.length - before));
  }, true);
})()"""
"""打鍵の数え方: a key is one; a field filled is its characters and the step to the next; a choice is the key for it and
the step; a link or button is one.
"""


@dataclass
class Hall:
    """市役所: the screens, the register of residents, the Service, and the officers at their desks."""

    url: str
    browser: Browser
    service: PartyProcess
    faults: list[str] = field(default_factory=list)
    desks: dict[str, Page] = field(default_factory=dict)
    measured: dict[str, tuple[float, int]] = field(default_factory=dict)

    def desk(self, number: str = "nenkin1") -> Page:
        """The page of that officer, signed in once for all stories."""
        if number not in self.desks:
            from kokunen.common_platform.portal.demo import PASSWORD

            context = self.browser.new_context(
                base_url=self.url, viewport=VIEWPORT, locale="ja-JP", timezone_id="Asia/Tokyo"
            )
            context.set_default_timeout(8_000)
            context.add_init_script(_STROKES)
            page = self.desks[number] = context.new_page()
            page.on("pageerror", lambda error: self.faults.append(str(error)))
            page.goto("/sign-in")
            page.get_by_label("職員番号").fill(number)
            page.get_by_label("パスワード").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("h1:has-text('業務メニュー')")
        return self.desks[number]

    def close_the_day(self) -> None:
        """報告・媒体: the medium is built, two officers hand it over, the Service works, its answers are read."""
        page, chief = self.desk(), self.desk("nenkin9")
        page.goto("/pension/report/")
        press(page, "F9")
        page.get_by_label("施錠ケースの番号").fill("K-03")
        press(page, "F9")
        page.wait_for_selector("text=もう1人の職員がサインインして")
        chief.goto(page.url)
        press(chief, "F9")
        chief.wait_for_selector("text=引き渡しました")
        self.service.control.work()
        chief.goto("/pension/results/")
        press(chief, "F9")
        expect(chief.get_by_text("結果を取り込みました")).to_be_visible()


class Visit:
    """来庁: one page, its keystrokes, and what officers do with it."""

    def __init__(self, hall: Hall, page: Page) -> None:
        self.hall, self.page, self.pressed = hall, page, 0

    def press(self, *keys: str) -> None:
        """One keystroke each."""
        self.page.wait_for_load_state("load")
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def steps_to(self, name: str, value: str = "") -> None:
        """Enter, field by field, until the focus is on that one; each step is a keystroke."""
        for _ in range(30):
            here = self.page.evaluate("[document.activeElement.name ?? '', document.activeElement.value ?? '']")
            if here[0] == name and value in ("", here[1]):
                return
            self.press("Enter")
        raise AssertionError(f"the keyboard does not reach {name} {value}")

    def strokes(self) -> int:
        """打鍵と選択の数 at this desk since it was opened."""
        return int(self.page.evaluate("Number(sessionStorage.getItem('strokes') ?? 0)"))

    def paper(self, address: str) -> str:
        """紙: what stands on the printed sheet of that address, without spaces."""
        answer = self.page.request.get(address)
        assert answer.ok, (address, answer.status)
        text = "".join(one.extract_text() for one in PdfReader(BytesIO(answer.body())).pages)
        return "".join(text.split())

    def papers_of(self, *atenas: str) -> str:
        """受付票と届書 of these people, all of them."""
        names = ("receipt.pdf", "form.pdf")
        return "".join(
            self.paper(f"/pension/notices/{one.pk}/{name}") for one in receipts_of(*atenas) for name in names
        )

    def opens(self, atena: str, purpose: str, tab: str = "") -> None:
        """個人照会 with the purpose of the visit."""
        self.page.goto(f"/pension/people/{atena}/{tab}?purpose={purpose}")

    def hint(self, words: str) -> None:
        """あわせて確認: follow the line that begins the next form."""
        self.page.locator("aside").get_by_role("link", name=words).first.click()

    def sees(self, *words: str, within: str = "body") -> None:
        """These words stand on the screen."""
        place = self.page.locator(within)
        for one in words:
            expect(place.get_by_text(one).first).to_be_visible()

    def identity(self, document: str = "driving_licence") -> None:
        """本人確認 in whichever words the screen has."""
        self.page.locator("#id_identity_document").select_option(document)

    def registers(self, said: str) -> str:
        """F9, and the 受付番号 that the screen then tells (the id of the receipt in its address)."""
        press(self.page, "F9")
        expect(self.page.get_by_text(said).first).to_be_visible()
        return self.page.url.rstrip("/").rsplit("/", 1)[-1]

    def notes_record(self, atena: str, lines: str) -> None:
        """社会保険オンライン: what another officer read from the terminal is noted by hand on the case."""
        self.opens(atena, "pension_inquiry", "talks/")
        self.page.get_by_label("月ごとの記録").fill(lines)
        self.page.get_by_role("button", name="記録を登録する").click()
        expect(self.page.get_by_text("確認した記録を登録しました")).to_be_visible()

    def decided(self, receipt: int, kind: str = "", result: str = "1") -> None:
        """裁定結果: an exemption's decision is recorded from the Service's list."""
        page = self.hall.desk("nenkin9")
        page.goto(f"/pension/exemptions/{receipt}/result/")
        page.get_by_label("裁定結果").first.select_option(result)
        if kind:
            page.get_by_label("承認された免除種類").first.select_option(kind)
        page.get_by_label("裁定日").first.fill("今日")
        press(page, "F9")
        expect(page.get_by_text("裁定結果を記録しました")).to_be_visible()


def declare(atena: str, tax_year: int, total: int | None, **more: Any) -> None:
    """市民税課: the income of a year; None = 未申告."""
    from kokunen.common_platform.integration.publishing import ChangeNote, publish
    from kokunen.resident_tax.linkage import INCOME

    row = dict.fromkeys(INCOME.column_names)
    row |= {"atena_number": atena, "tax_year": tax_year, "state": "4" if total is None else "1", "total_income": total}
    with transaction.atomic(using="resident_tax"):
        publish("resident_tax", INCOME, [row | more], ChangeNote("register", None, date(tax_year, 6, 1)))


def receipts_of(*atenas: str) -> list[Any]:
    """受付 of these people, in the order of reception."""
    from kokunen.national_pension.models import Receipt

    return list(Receipt.objects.filter(atena_number__in=atenas).order_by("pk"))


def all_closed(*atenas: str) -> bool:
    """Nothing of these people waits on the board any more."""
    return all(not one.is_open for one in receipts_of(*atenas))


def exempt(atena: str) -> list[tuple[str, str, str]]:
    """免除期間: (種類, 初月, 終月) as known now, "" for an open end."""
    from kokunen.national_pension.models import ExemptionPeriod

    rows = ExemptionPeriod.objects.current().filter(atena_number=atena).order_by("valid_period")
    return [(r.kind, f"{r.first_month:%Y-%m}", f"{r.last_month:%Y-%m}" if r.last_month else "") for r in rows]


def exempted(atena: str, kind: str, first: date, end: date | None, **facts: Any) -> None:
    """免除期間 as loaded from the old system: months from `first` up to the one before `end`."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.records.models import recorded_from
    from kokunen.national_pension.models import ExemptionPeriod

    ExemptionPeriod.objects.create(
        atena_number=atena,
        kind=kind,
        valid_period=DateRange(first, end, "[)"),
        recorded_period=recorded_from(clock.now()),
        recorded_by="load",
        **facts,
    )
