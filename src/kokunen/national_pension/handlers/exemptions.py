"""F12 F12b F13 F14 F15 F16 免除: what stands against each form, what is recorded, what its end brings about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import add_months
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import first_day, month_of, parse_month
from kokunen.law.rules import exemption_period as law
from kokunen.law.rules.exemption import Scheme, application_window
from kokunen.law.rules.exemption.months import cycle_year
from kokunen.law.rules.qualification import InsuredType
from kokunen.national_pension import exemption_desk, money, month_grid
from kokunen.national_pension.catalogue import Form
from kokunen.national_pension.choices import NoticeKind, NoticeState
from kokunen.national_pension.exemption_choices import (
    APPLIED,
    OF_LAW,
    STATUTORY,
    AidEvent,
    ExemptionEnd,
    ExemptionKind,
    ExemptionResult,
)
from kokunen.national_pension.handlers.base import REFUSE, TELL, WARN, Case, Finding, Handler, Known
from kokunen.national_pension.models import ExemptionApplication, Receipt
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import (
    estimates,
    exemption_periods,
    exemptions,
    receipt_flow,
    recording,
    welfare,
)

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext

_STATUTORY_GROUNDS = {
    "1": ExemptionKind.STATUTORY_DISABILITY,
    "2": ExemptionKind.STATUTORY_ASSISTANCE,
    "3": ExemptionKind.STATUTORY_FACILITY,
}
_END_REASONS = {
    "1": ExemptionEnd.ASSISTANCE_ENDED,
    "2": ExemptionEnd.DISABILITY_ENDED,
    "3": ExemptionEnd.LEFT_FACILITY,
    "4": ExemptionEnd.OWN_WISH,
    "9": ExemptionEnd.ENDED,
}


def _day(data: Mapping[str, Any], name: str) -> date | None:
    text = data.get(name)
    return date.fromisoformat(text) if text else None


def _insured(atena_number: str, until: int) -> frozenset[int]:
    return month_grid.months_as(recording.current_held(atena_number), InsuredType.FIRST, first_day(until))


class _ExemptionHandler(Handler):
    """免除の届書: the application row is made with the receipt, follows its withdrawal and its result."""

    def withdrawn(self, receipt: Receipt, context: AccessContext) -> None:
        """取下げ: nothing waits any more."""
        ExemptionApplication.objects.filter(receipt=receipt).update(result=ExemptionResult.WITHDRAWN)

    def _settle(self, receipt: Receipt) -> ExemptionApplication | None:
        """The application, with the result of its receipt; None when the result was recorded with its kind already."""
        application: ExemptionApplication | None = (
            ExemptionApplication.objects.select_related("receipt")
            .filter(receipt=receipt, result=ExemptionResult.WAITING)
            .first()
        )
        if application is None:
            return None
        granted = receipt.state != NoticeState.REFUSED
        application.result = ExemptionResult.GRANTED if granted else ExemptionResult.REFUSED_CONDITION
        application.decided_on = receipt.result_on
        application.result_note = receipt.result_note
        application.save(update_fields=["result", "decided_on", "result_note"])
        return application if granted else None


class ApplicationHandler(_ExemptionHandler):
    """免除・納付猶予申請 (F12) and 学生納付特例申請 (F13): one form a cycle, months in reach and open."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    def check(self, case: Case) -> list[Finding]:
        """審査: months within one cycle, in reach, 第1号, not exempt and not asked for already."""
        first, last = case.data.get("from_month"), case.data.get("to_month")
        if not first or not last:
            return []
        begin, end = parse_month(first), parse_month(last)
        window = application_window(case.received_on, self.scheme)
        year = cycle_year(begin, self.scheme)
        article = "国民年金法施行規則第77条の2"
        if begin > end:
            return [Finding(REFUSE, "申請する期間の終わりが始まりより前です", "to_month")]
        if cycle_year(end, self.scheme) != year or str(case.data.get("cycle")) != str(year):
            words = "申請書は1枚に1年度です。年度をまたぐ期間は、年度ごとに分けてください"
            return [Finding(REFUSE, words, "cycle", "国民年金法第90条第1項")]
        if begin < window.earliest or end > window.latest:
            reach = f"{exemption_desk.month_ja(window.earliest)}から{exemption_desk.month_ja(window.latest)}まで"
            words = f"本日申請できるのは{reach}です（申請の月の2年1か月前の月から年度末まで）"
            return [Finding(REFUSE, words, "from_month", article)]
        standing = exemptions.standing_of(case.atena_number, case.received_on)
        closed = {month: standing.closed(month)[1] for month in range(begin, end + 1) if standing.closed(month)[0]}
        if len(closed) == end - begin + 1:
            words = "、".join(dict.fromkeys(closed.values()))
            told = f"この期間に申請できる月がありません（{words}）"
            return [
                Finding(REFUSE, told, "from_month", article, "「申請できる月」にある年度と月から選び直してください。")
            ]
        return []

    def received(self, receipt: Receipt, case: Case, context: AccessContext) -> None:
        """申請の記録."""
        ExemptionApplication.objects.create(
            receipt=receipt,
            atena_number=receipt.atena_number,
            scheme=str(self.scheme),
            cycle_year=int(case.data["cycle"]),
            first_month=date.fromisoformat(f"{case.data['from_month']}-01"),
            last_month=date.fromisoformat(f"{case.data['to_month']}-01"),
            continue_wished=bool(case.data.get("continue")),
            school=str(case.data.get("school") or "")[:60],
        )

    def resulted(self, receipt: Receipt, context: AccessContext) -> None:
        """結果: without a kind from the Service the months are exempt as they were expected, segment by segment."""
        application = self._settle(receipt)
        if application is None:
            return
        for segment in application.judgement.get("segments", ()):
            kind = OF_LAW.get(segment["result"])
            if kind is not None:
                span = exemption_periods.Span(parse_month(segment["first"]), parse_month(segment["last"]))
                exemptions.grant(application, str(kind), span, context.staff_number)


class GeneralHandler(ApplicationHandler):
    """免除・納付猶予申請 (F12)."""

    def __init__(self) -> None:
        super().__init__(Scheme.GENERAL)


class StudentHandler(ApplicationHandler):
    """学生納付特例申請 (F13)."""

    def __init__(self) -> None:
        super().__init__(Scheme.STUDENT)


class CancellationHandler(Handler):
    """取消申請・納付申出 (F12b): from the month before the application at the earliest (法90条3項)."""

    def check(self, case: Case) -> list[Finding]:
        """審査: there is something to cancel from that month on."""
        text = case.data.get("from_month")
        if not text:
            return []
        month = parse_month(text)
        findings = []
        earliest = month_of(exemptions.earliest_cancel_month(case.received_on))
        if case.situation == "cancel" and month < earliest:
            words = f"取消しは申請の月の前月（{exemption_desk.month_ja(earliest)}）以後の月からです"
            findings.append(Finding(REFUSE, words, "from_month", "国民年金法第90条第3項"))
        kinds: tuple[ExemptionKind, ...] = STATUTORY if case.situation == "pay" else APPLIED
        held = exemption_periods.months_of(exemption_periods.current(case.atena_number), month + 36)
        if not any(kind in kinds for at, kind in held.items() if at >= month):
            what = "法定免除" if case.situation == "pay" else "申請による免除・猶予"
            findings.append(
                Finding(REFUSE, f"その月以後に{what}の月がありません", "from_month", "", "期間を確認してください。")
            )
        return findings

    def returned(self, receipt: Receipt, context: AccessContext) -> None:
        """返戻: what waited for the 取消し cannot go on either."""
        _hold_additional(receipt, "返戻された", context)

    def withdrawn(self, receipt: Receipt, context: AccessContext) -> None:
        """取下げ: the same."""
        _hold_additional(receipt, "取り下げられた", context)

    def resulted(self, receipt: Receipt, context: AccessContext) -> None:
        """取消し: the months from there on are to be paid again; 継続審査 ends with them."""
        if receipt.state == NoticeState.REFUSED:
            _hold_additional(receipt, "認められなかった", context)
            return
        pays = receipt.situation == "pay"
        exemption_periods.end(
            receipt.atena_number,
            kinds=STATUTORY if pays else APPLIED,
            after=parse_month(receipt.content["from_month"]) - 1,
            end_reason=ExemptionEnd.OWN_WISH if pays else ExemptionEnd.CANCELLED,
            staff_number=context.staff_number,
            reason=f"受付番号 {receipt.receipt_number}",
        )


_HELD = {NoticeState.SENT: NoticeState.RETURNED} | dict.fromkeys(
    (NoticeState.RECEIVED, NoticeState.EXAMINED, NoticeState.TO_SEND), NoticeState.SUPPLEMENT
)


def _hold_additional(receipt: Receipt, what: str, context: AccessContext) -> None:
    """付加の申出を止める: an F10 that could be taken only because of this 取消し goes back by itself, with the reason,
    and stands on the board until an officer has settled it (法87条の2).
    """
    waiting = Receipt.objects.select_for_update().filter(
        atena_number=receipt.atena_number,
        kind=NoticeKind.ADDITIONAL,
        situation="join",
        state__in=list(_HELD),
        content__from_month__gte=str(receipt.content.get("from_month") or ""),
    )
    for one in waiting:
        why = f"免除の取消し（受付番号 {receipt.receipt_number}）が{what}ため、付加保険料を納められません"
        receipt_flow.move(
            one,
            _HELD[NoticeState(one.state)],
            staff_number=context.staff_number,
            office_code=context.office_code,
            note=why,
            returned_reason=why,
        )


class _EventHandler(_ExemptionHandler):
    """出来事による免除: kind and months follow from a day of fact."""

    def period(self, case: Case) -> tuple[ExemptionKind, law.Period]:
        """免除種類と月; InputError for what is missing."""
        raise InputError("この届書からは免除の月が定まりません", code="no_period")

    def check(self, case: Case) -> list[Finding]:
        """審査: the months that follow, of which some must be 第1号 and not covered by a stronger kind."""
        try:
            kind, period = self.period(case)
        except InputError as error:
            return [Finding(REFUSE, error.message, error.field or "", "", error.hint or "")]
        if period.first is None:
            return [Finding(REFUSE, f"{kind.label}になる月がありません", "", "", self.none_hint)]
        end = period.last if period.last is not None else period.first + 600
        insured = _insured(case.atena_number, end)
        if not any(month in insured for month in range(period.first, end + 1)):
            words = f"{kind.label}になる月に、第1号の月がありません（任意加入・第2号・第3号は対象外です）"
            return [Finding(REFUSE, words, "", "", "資格の記録を確認してください。")]
        until = "続く間" if period.last is None else f"{exemption_desk.month_ja(period.last)}（{period.months}か月）"
        told = f"{kind.label}: {exemption_desk.month_ja(period.first)} 〜 {until}"
        findings = [Finding(TELL, told, article=period.steps[-1].article or "" if period.steps else "")]
        paid = estimates.paid_months(case.atena_number)
        for words in money.of_release(period.first, period.last, paid):
            refund = "納付済です" in words
            findings.append(Finding(TELL, f"{words}。{self.paid_words}" if refund else words))
        return findings

    paid_words = "還付の請求を案内してください（目安。納付の有無は日本年金機構が確かめます）"

    none_hint = "日付を確認してください。"

    def received(self, receipt: Receipt, case: Case, context: AccessContext) -> None:
        """届の記録: the months that follow from it."""
        kind, period = self.period(case)
        assert period.first is not None
        ExemptionApplication.objects.create(
            receipt=receipt,
            atena_number=receipt.atena_number,
            scheme="event",
            first_month=first_day(period.first),
            last_month=None if period.last is None else first_day(period.last),
            expected_kind=str(kind),
            judgement={"steps": [step.as_json() for step in period.steps]},
        )

    def resulted(self, receipt: Receipt, context: AccessContext) -> None:
        """結果: the months are exempt."""
        application = self._settle(receipt)
        if application is not None:
            last = application.last_month
            span = exemption_periods.Span(month_of(application.first_month), None if last is None else month_of(last))
            exemptions.grant(application, application.expected_kind, span, context.staff_number)


def _of_newborn(found: dict[str, Known], birth: str, others: tuple[str, ...]) -> dict[str, Known]:
    """The youngest child of the household counts only when born within a year; an older one fills nothing in."""
    known = found.get(birth)
    if known is not None and date.fromisoformat(str(known.value)) > add_months(clock.today(), -12):
        return found
    return {name: value for name, value in found.items() if name != birth and name not in others}


def _told_otherwise(case: Case, day: date | None) -> Finding | None:
    """生活扶助の通知と違う日: the welfare section's day decides the months; both days are shown, and nothing goes on
    until one of them is put right (flow.in6).
    """
    ground, code = ("ground", "2") if case.situation == "begin" else ("end_reason", "1")
    notice = welfare.latest_open(case.atena_number, AidEvent(case.situation))
    if day is None or str(case.data.get(ground)) != code or notice is None or notice.event_on == day:
        return None
    what = "開始" if case.situation == "begin" else "廃止"
    return Finding(
        REFUSE,
        f"届書の{format_wareki(day)}は、{notice.section}の通知の{what}日{format_wareki(notice.event_on)}と違います",
        "event_on",
        "国民年金法第89条",
        f"日付を直すか、{notice.section}に確かめて正しい通知を法定免除の候補に記録してください。",
    )


class StatutoryHandler(_EventHandler):
    """法定免除 (F14): 該当 opens it, 消滅 ends it with the month of that day (法89条)."""

    paid_words = "還付を受けるか、納付のままとするかを本人に確かめてください（国民年金法第89条第2項）"

    def known(self, form: Form, resident: Resident) -> dict[str, Known]:
        """生活保護の通知: day and ground as the welfare section told them (flow.in6)."""
        found = super().known(form, resident)
        for event, names in ((AidEvent.END, ("end_reason", "1")), (AidEvent.BEGIN, ("ground", "2"))):
            notice = welfare.latest_open(resident.atena_number, event)
            if notice is not None:
                source = f"{notice.section}の通知（{notice.channel}）"
                found["event_on"] = Known(notice.event_on.isoformat(), source)
                found[names[0]] = Known(names[1], source)
        return found

    def period(self, case: Case) -> tuple[ExemptionKind, law.Period]:
        """該当: from the month before the day of the ground."""
        day = _day(case.data, "event_on")
        if day is None:
            raise InputError("該当・消滅年月日を入力してください", field="event_on", code="missing_field")
        return _STATUTORY_GROUNDS[str(case.data["ground"])], law.statutory(day, None)

    def check(self, case: Case) -> list[Finding]:
        """審査: no second 該当 while one lasts; a 消滅 needs what it ends, and lies after its beginning."""
        held = [row for row in exemption_periods.current(case.atena_number) if row.kind in STATUTORY]
        open_row = next((row for row in held if row.last_month is None), None)
        waiting = ExemptionApplication.objects.filter(
            atena_number=case.atena_number, scheme="event", result=ExemptionResult.WAITING, receipt__kind="F14"
        ).first()
        if case.situation == "begin":
            if open_row is not None or waiting is not None:
                words = "法定免除にすでに該当しています"
                return [Finding(REFUSE, words, "event_on", "", "終わったときは「消滅」の届を受け付けてください。")]
            told = _told_otherwise(case, _day(case.data, "event_on"))
            return [told] if told else super().check(case)
        day = _day(case.data, "event_on")
        if told := _told_otherwise(case, day):
            return [told]
        if open_row is None and waiting is None:
            return [Finding(REFUSE, "終わらせる法定免除の記録がありません", "event_on", "国民年金法第89条")]
        begun = open_row.first_month if open_row is not None else waiting.first_month if waiting is not None else None
        if day is not None and begun is not None and day < begun:
            words = f"消滅年月日が法定免除の始まり（{format_wareki(begun)}）より前です"
            return [Finding(REFUSE, words, "event_on")]
        if not case.data.get("end_reason"):
            return [Finding(REFUSE, "消滅の理由を選んでください", "end_reason")]
        return []

    def received(self, receipt: Receipt, case: Case, context: AccessContext) -> None:
        """該当だけが新しい月を生む; either settles what the welfare section told."""
        assistance = str(case.data.get("ground" if case.situation == "begin" else "end_reason"))
        if assistance == ("2" if case.situation == "begin" else "1"):
            welfare.settle_by(receipt, AidEvent(case.situation), context)
        if case.situation == "begin":
            super().received(receipt, case, context)

    def resulted(self, receipt: Receipt, context: AccessContext) -> None:
        """結果: 該当 opens, 消滅 ends with the month of the day."""
        if receipt.situation == "begin":
            super().resulted(receipt, context)
            return
        if receipt.state == NoticeState.REFUSED:
            return
        exemption_periods.end(
            receipt.atena_number,
            kinds=STATUTORY,
            after=month_of(date.fromisoformat(receipt.content["event_on"])),
            end_reason=_END_REASONS[str(receipt.content.get("end_reason") or "9")],
            staff_number=context.staff_number,
            reason=f"受付番号 {receipt.receipt_number}",
        )


class MaternityHandler(_EventHandler):
    """産前産後 (F15): by the due date before the birth, by the day of birth after it (法88条の2)."""

    def known(self, form: Form, resident: Resident) -> dict[str, Known]:
        """記入済み: the child in the register, when born within a year; the form is then one after the birth."""
        found = _of_newborn(super().known(form, resident), "born_on", ("child_name",))
        if "born_on" in found:
            found["situation"] = Known("after", "住民記録")
        return found

    def content(self, form: Form, situation: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """報告の内容: the day that counts is the day of the event."""
        day = data.get("due_on") if situation == "before" else data.get("born_on")
        return {**data, "event_on": day}

    def period(self, case: Case) -> tuple[ExemptionKind, law.Period]:
        """基準の月の前月（多胎は3月前）から翌々月まで."""
        due, born = _day(case.data, "due_on"), _day(case.data, "born_on")
        multiple = bool(case.data.get("multiple"))
        if case.situation == "before":
            if due is None:
                raise InputError("出産予定年月日を入力してください", field="due_on", code="missing_field")
            if add_months(due, -6) > case.received_on:
                raise InputError(
                    f"届出は出産予定日の6か月前（{format_wareki(add_months(due, -6))}）からです", field="due_on"
                )
            return ExemptionKind.MATERNITY, law.maternity(due, multiple=multiple, field="due_on")
        if born is None:
            raise InputError(
                "出産後の届出は出産日によります。出産年月日を入力してください",
                field="born_on",
                code="missing_field",
                hint="出産予定日ではなく、住民記録の子の生年月日が入ります。",
            )
        if born > case.received_on:
            raise InputError("出産年月日が先の日付です", field="born_on", code="out_of_range")
        return ExemptionKind.MATERNITY, law.maternity(born, multiple=multiple, field="born_on")


class ChildcareHandler(_EventHandler):
    """育児期間 (F16, from 2026-10): the birth mother after her 産前産後 months, others from the birth (法88条の3)."""

    def known(self, form: Form, resident: Resident) -> dict[str, Known]:
        """記入済み: the child in the register when born within a year; a man is never the birth mother."""
        found = _of_newborn(super().known(form, resident), "child_birth", ("child_name", "child_kana", "event_on"))
        if "child_birth" in found:
            mother = resident.sex != "1"
            found["care_kind"] = Known(
                str(ExemptionKind.CHILDCARE_MOTHER if mother else ExemptionKind.CHILDCARE_OTHER), "性別"
            )
        return found

    none_hint = "2026年10月以後の月が対象です。令和7年11月1日より前に生まれた子には対象の月がありません。"

    def period(self, case: Case) -> tuple[ExemptionKind, law.Period]:
        """養育を始めた月（実母は産前産後の翌月）から、1歳に達する日の翌日の前月まで."""
        kind = ExemptionKind(str(case.data["care_kind"]))
        if kind is ExemptionKind.CHILDCARE_MOTHER and case.resident.sex == "1":
            raise InputError(
                "実母ではありません。養育者の区分は「その他の養育者」（52）です",
                field="care_kind",
                code="inconsistent",
                hint="父、養父母などは「その他の養育者」を選んでください。",
            )
        birth, begun = _day(case.data, "child_birth"), _day(case.data, "event_on")
        if birth is None:
            raise InputError("子の生年月日を入力してください", field="child_birth", code="missing_field")
        return kind, law.childcare(
            birth,
            birth_mother=kind is ExemptionKind.CHILDCARE_MOTHER,
            maternity_to=self._maternity_to(case.atena_number, birth),
            raising_start=begun,
            raising_end=_day(case.data, "ended_on"),
        )

    def _maternity_to(self, atena_number: str, birth: date) -> int | None:
        """The last 産前産後 month around this birth, recorded or on its way."""
        around = range(month_of(birth) - 4, month_of(birth) + 5)
        ends = [
            month_of(one.last_month)
            for one in ExemptionApplication.objects.filter(
                atena_number=atena_number, expected_kind=ExemptionKind.MATERNITY
            ).exclude(result=ExemptionResult.WITHDRAWN)
            if one.last_month is not None and month_of(one.last_month) in around
        ]
        ends += [
            month_of(row.last_month)
            for row in exemption_periods.current(atena_number)
            if row.kind == ExemptionKind.MATERNITY and row.last_month and month_of(row.last_month) in around
        ]
        return max(ends, default=None)


def exempt_on_record(atena_number: str, month: date) -> str | None:
    """記録にある免除 of a month that stands against 付加, None for none."""
    at = month_of(month)
    kind = exemption_periods.months_of(exemption_periods.current(atena_number), at).get(at)
    return kind if kind in (*STATUTORY, *APPLIED) else None


def exempt_finding(atena_number: str, month: date) -> Finding | None:
    """付加を妨げる免除 (法87条の2): 法定免除 and every kind granted on application; 産前産後 and 育児 do not.

    A 取消し or 納付申出 that is on its way from that month on lets the 申出 go with it, in the same report after it.
    """
    kind = exempt_on_record(atena_number, month)
    if kind is None:
        return None
    cancelling = (
        Receipt.objects.filter(
            atena_number=atena_number, kind=NoticeKind.EXEMPTION_END, content__from_month__lte=f"{month:%Y-%m}"
        )
        .exclude(state=NoticeState.WITHDRAWN)
        .exclude(state=NoticeState.REFUSED)
        .order_by("-id")
        .first()
    )
    if cancelling is not None:
        words = f"取消しの申請（受付番号 {cancelling.receipt_number}）が認められてから納められます"
        return Finding(WARN, words, "from_month", "国民年金法第87条の2")
    return Finding(
        REFUSE,
        f"{exemption_desk.month_ja(month_of(month))}は{ExemptionKind(kind).label}の月です。"
        "免除・猶予を受けている月は付加保険料を納められません",
        "from_month",
        "国民年金法第87条の2",
        "納めるときは、先に免除・納付猶予の取消申請（F12b）を受け付けてください。",
        "F12b",
    )


__all__ = [
    "CancellationHandler",
    "ChildcareHandler",
    "GeneralHandler",
    "MaternityHandler",
    "StatutoryHandler",
    "StudentHandler",
    "exempt_finding",
    "exempt_on_record",
]
