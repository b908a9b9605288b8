"""届書の受理: what a visitor hands in at the counter, examined, recorded and put on its way to the Service.

`preview` says what would follow, `register` records it. Both ask the same law; a day on the paper that the law does
not give is refused with both days and the article, and there is no way round it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import Deadline, filing_deadline
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.qualification import effect_day
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import advice, parameters, resident_view
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import (
    SHORT_TYPE_LABELS,
    Filer,
    NoticeKind,
    NoticeSource,
)
from kokunen.national_pension.deduction import Fact, Plan, Subject, deduce
from kokunen.national_pension.forms_of_law import PERSONAL_FORMS, FactOption, option
from kokunen.national_pension.models import InsuredPerson, QualificationPeriod, Receipt
from kokunen.national_pension.proposals import plan_as_json
from kokunen.national_pension.queries.common import mark_of
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import estimates, receipt_flow, recording, roll
from kokunen.national_pension.services.common import USING, lock_person, one_case
from kokunen.national_pension.services.identity import check_identity
from kokunen.national_pension.services.spouses import prepare_spouse_change
from kokunen.national_pension.services.work_items import content_of, settle_by_notice

_DAY = timedelta(days=1)
_DEAD = "3"


@dataclass(frozen=True, slots=True)
class Paper:
    """届書: what the visitor's paper says and what was shown with it."""

    kind: NoticeKind
    choice: str
    fact_on: date | None
    received_on: date
    filer: Filer = Filer.SELF
    identity_document: str = ""
    attachments: tuple[str, ...] = ()
    missing_papers: tuple[str, ...] = ()
    stated_on: date | None = None  # 取得日・喪失日 as the paper has it; left out: the law gives it
    protection_confirmed: bool = False
    no_old_age_right: bool = False  # 特例任意加入: the person has no right to an old-age pension at 65
    to_report: bool = True
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)  # 任意加入情報 (R4) as the paper has it, by field name


@dataclass(frozen=True, slots=True)
class Registered:
    """登録の結果: the receipt, the plan that was recorded (None for 氏名・住所), what to say before the visitor
    leaves.
    """

    notice: Receipt
    plan: Plan | None
    advice: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """見込み: what would be recorded, the deadline of the notice and how it stands to it, and what to look out for."""

    plan: dict[str, Any]
    deadline: Deadline | None
    late_days: int
    warnings: list[str]
    advice: list[dict[str, str]]
    estimates: list[str]
    mark: str


@one_case("届書の見込み")
def preview(*, atena_number: str, paper: Paper, context: AccessContext, shown: Collection[str] = ()) -> Preview:
    """見込みを示す: nothing is stored but the ledger entry; one look is one entry, whatever is typed beside it: what
    stands on the screen already, by a mark among `shown`, gets no second one.
    """
    resident, chosen = _examined(atena_number, paper)
    plan = _plan(resident, chosen, paper)
    _check_day_on_paper(plan, paper)
    deadline = _deadline(plan, paper.kind)
    told = plan_as_json(plan)
    gain = estimates.voluntary(resident, told, clock.today())
    spans = estimates.noted_spans(atena_number) if gain else []
    mark = mark_of(context, clock.today(), paper.kind, resident, recording.current_held(atena_number), spans)
    if mark not in shown:
        record(
            USING,
            context,
            act=Act.VIEW,
            dataset=f"{paper.kind.label}の見込み",
            atena_numbers=[atena_number],
            items=("R2 資格情報",),
        )
    return Preview(
        plan=told | {"steps": list(plan.steps)},
        deadline=deadline,
        late_days=max(0, (paper.received_on - deadline.deadline).days) if deadline else 0,
        warnings=_warnings(resident, plan),
        advice=advice.lines(advice.fitting(chosen.advice, foreign=resident.is_foreign)),
        estimates=gain,
        mark=mark,
    )


@one_case("届書の登録")
def register(*, atena_number: str, paper: Paper, context: AccessContext) -> Registered:
    """登録する: the notice is received, the qualification recorded, the receipt goes to 送付待 (or waits for papers).

    Raises InputError at the field that is wrong, Conflict when the record stands against it, NotAllowed without the
    checks that a protected person or an agent needs.
    """
    resident, chosen = _examined(atena_number, paper)
    check_identity(
        resident,
        document=paper.identity_document,
        filer=paper.filer,
        attachments=paper.attachments,
        protection_confirmed=paper.protection_confirmed,
    )
    lock_person(atena_number)
    if paper.kind in PERSONAL_FORMS:
        return _register_personal(resident, chosen, paper, context)
    plan = _plan(resident, chosen, paper)
    _check_day_on_paper(plan, paper)
    deadline = _deadline(plan, paper.kind)
    roll.enrol(resident, move_code="06", staff_number=context.staff_number)
    act = recording.apply_plan(
        atena_number=atena_number,
        plan=plan,
        source=QualificationPeriod.Source.NOTICE,
        reason=paper.note,
        context=context,
    )
    content = content_of(plan) | {name: value for name, value in paper.details.items() if value}
    notice = _receive(resident, chosen, paper, context, content, deadline, act)
    settle_by_notice(notice, plan, context)
    prepare_spouse_change(resident, notice)
    record(
        USING,
        context.for_case(notice.receipt_number),
        act=Act.REGISTER,
        dataset=paper.kind.label,
        atena_numbers=[atena_number],
        items=form_of(paper.kind).record_items,
        detail={"receipt_number": notice.receipt_number},
    )
    return Registered(notice, plan, advice.lines(advice.fitting(chosen.advice, foreign=resident.is_foreign)))


def _receive(
    resident: Resident,
    chosen: FactOption,
    paper: Paper,
    context: AccessContext,
    content: dict[str, Any],
    deadline: Deadline | None,
    act: Any,
) -> Receipt:
    notice = receipt_flow.receive(
        atena_number=resident.atena_number,
        kind=paper.kind,
        source=NoticeSource.COUNTER,
        context=context,
        received_on=paper.received_on,
        situation=chosen.code,
        fact=chosen.fact or chosen.code,
        fact_on=paper.fact_on,
        filing_due_on=deadline.deadline if deadline else None,
        filer=paper.filer,
        identity_document=paper.identity_document,
        identity_confirmed=bool(paper.identity_document),
        attachments=paper.attachments,
        missing_papers=paper.missing_papers,
        content=content,
        to_report=paper.to_report,
        act=act,
    )
    receipt_flow.examined_and_ready(notice, context)
    return notice


# --- examination -----------------------------------------------------------------------------------------------------


def _examined(atena_number: str, paper: Paper) -> tuple[Resident, FactOption]:
    resident = resident_view.find(atena_number)
    if resident is None:
        raise InputError(
            "この宛名番号の住民記録がありません",
            field="atena_number",
            code="not_found",
            hint="検索からやり直してください。",
        )
    chosen = option(paper.kind, paper.choice)
    if chosen is None:
        raise InputError("届出の理由を選んでください", field="choice", code="missing_field")
    today = clock.today()
    if paper.received_on > today:
        raise InputError(
            f"受付日が未来の日付です（今日は{format_wareki(today)}）", field="received_on", code="out_of_range"
        )
    if paper.fact_on is None and (chosen.fact or paper.kind in PERSONAL_FORMS):
        raise InputError(f"{chosen.day_label}を入力してください", field="fact_on", code="missing_field")
    if paper.fact_on is not None:
        _check_day(resident, chosen, paper.fact_on, today)
    return resident, chosen


LAW_BEGAN = date(1961, 4, 1)
"""拠出制の国民年金の始まり (法附則1条): no qualification begins or ends before it."""


def _check_day(resident: Resident, chosen: FactOption, fact_on: date, today: date) -> None:
    if fact_on < LAW_BEGAN:
        raise InputError(
            f"{chosen.day_label}が国民年金の始まり（{format_wareki(LAW_BEGAN)}）より前です",
            field="fact_on",
            code="out_of_range",
            hint="元号と年を確認してください。",
        )
    if fact_on > today and not chosen.future:
        raise InputError(
            f"{chosen.day_label}が未来の日付です（今日は{format_wareki(today)}）",
            field="fact_on",
            code="out_of_range",
            hint="日付を確認してください。",
        )
    if fact_on < resident.birth_date:
        raise InputError(
            f"{chosen.day_label}が生年月日（{format_wareki(resident.birth_date)}）より前です",
            field="fact_on",
            code="out_of_range",
            hint="日付を確認してください。",
        )
    if resident.status == _DEAD and resident.removed_on and chosen.fact != "death" and fact_on > resident.removed_on:
        raise InputError(
            f"{format_wareki(resident.removed_on)}に亡くなった方です",
            field="fact_on",
            code="inconsistent",
            hint="死亡届（F08）で処理してください。",
        )


def _plan(resident: Resident, chosen: FactOption, paper: Paper) -> Plan:
    held = recording.current_held(resident.atena_number)
    facts = [Fact(chosen.fact, paper.fact_on, chosen.reason)] if chosen.fact and paper.fact_on else []
    subject = Subject(
        resident.birth_date, japanese=not resident.is_foreign, old_age_right_at_65=not paper.no_old_age_right
    )
    if chosen.fact == "voluntary_apply":
        _check_application_day(resident, paper, held_until=_open_end(held))
    plan = deduce(subject, held, facts, today=clock.today())
    if plan.changes_nothing:
        raise InputError(_nothing_changes(held, chosen), field="choice", code="nothing_changes", hint=_what_then(paper))
    if paper.kind in (NoticeKind.ACQUISITION, NoticeKind.CHANGE_OF_KIND) and not plan.beginnings:
        raise InputError(
            "この届出では資格を取得しません", field="choice", code="inconsistent", hint="届書の種類を確認してください。"
        )
    if paper.kind is NoticeKind.LOSS and not plan.endings:
        raise InputError(
            "この方には、喪失する資格の記録がありません",
            field="choice",
            code="inconsistent",
            hint="資格の履歴を確認してください。",
        )
    return plan


def _open_end(held: list[Any]) -> date | None:
    """The first day on which nothing recorded is in force any more, when the last period has an end."""
    return max((period.lost_on for period in held if period.lost_on), default=None)


def _check_application_day(resident: Resident, paper: Paper, held_until: date | None) -> None:
    """申出日: never backdated (附則5条); a day to come only to join a loss that is already recorded."""
    assert paper.fact_on is not None
    if paper.fact_on < paper.received_on:
        raise InputError(
            f"任意加入は申出の日（{format_wareki(paper.received_on)}）からです。さかのぼって加入することはできません（国民年金法附則第5条）",
            field="fact_on",
            code="out_of_range",
            hint="申出日を確認してください。",
        )
    if paper.fact_on > paper.received_on and paper.fact_on != held_until:
        raise InputError(
            "申出の日より後の日から加入できるのは、すでに記録されている資格喪失の日に続ける場合だけです",
            field="fact_on",
            code="out_of_range",
            hint="先に資格喪失届を登録するか、申出日を入力してください。",
        )


def _nothing_changes(held: list[Any], chosen: FactOption) -> str:
    now = next((period for period in held if period.is_open), None)
    if now is not None:
        since = format_wareki(now.acquired_on)
        held_as = f"すでに{SHORT_TYPE_LABELS[now.insured_type]}（{since}から）として記録されており"
        return f"{held_as}、「{chosen.label}」で資格は変わりません"
    if chosen.code == "reached_20":
        return "まだ20歳になっていないか、20歳到達による取得の対象ではありません"
    return f"「{chosen.label}」によって取得・喪失する資格はありません（年齢・国内住所・前の加入を確認してください）"


def _what_then(paper: Paper) -> str:
    return "届書の種類と理由、日付を確認してください。"


def _check_day_on_paper(plan: Plan, paper: Paper) -> None:
    """V01: a 取得日 or 喪失日 that the law does not give is refused, with both days and the article."""
    if paper.stated_on is None or paper.stated_on == _day_told(plan, paper.kind):
        return
    right = _day_told(plan, paper.kind)
    what = "喪失日" if paper.kind in (NoticeKind.LOSS, NoticeKind.DEATH) else "取得日（種別変更日）"
    raise InputError(
        f"{what}は{format_wareki(right) if right else '－'}です（{plan.article}）。"
        f"届書の{format_wareki(paper.stated_on)}では登録できません",
        field="stated_on",
        code="inconsistent",
        hint=" ".join(plan.sentences),
    )


def _day_told(plan: Plan, kind: NoticeKind) -> date | None:
    if kind in (NoticeKind.LOSS, NoticeKind.DEATH):
        return plan.endings[0].lost_on if plan.endings else None
    if plan.beginnings:
        return plan.beginnings[0].acquired_on
    return plan.endings[0].lost_on if plan.endings else None


def _deadline(plan: Plan, kind: NoticeKind) -> Deadline | None:
    """届出期限: 14 days from the day of the fact as the law counts it (the day after a last working day).

    A 任意加入 has none.
    """
    if not form_of(kind).limit.days:
        return None
    happened = effect_day(plan.facts[0].as_event()) if plan.facts else plan.effective_on
    return filing_deadline(happened, parameters.days("filing_days", clock.today())) if happened else None


def _warnings(resident: Resident, plan: Plan) -> list[str]:
    told = []
    if resident.protected:
        told.append("支援措置の対象の方です。住所を話さず、本人確認を特に慎重に行ってください")
    if not roll.primary_number(resident.atena_number):
        told.append("基礎年金番号が記録されていません。個人番号による報告になります")
    if plan.effective_on and plan.effective_on > clock.today():
        told.append(f"効力は{format_wareki(plan.effective_on)}からです（予定として記録します）")
    return told


# --- 氏名・住所 ------------------------------------------------------------------------------------------------------


def _register_personal(resident: Resident, chosen: FactOption, paper: Paper, context: AccessContext) -> Registered:
    """氏名・住所の変更: the city knows both sides from the register; the officer types neither."""
    before = _before(resident, paper.kind)
    content = {
        "event_on": paper.fact_on.isoformat() if paper.fact_on else None,
        "old_name": before.name,
        "old_kana": before.name_kana,
        "old_address": before.address,
        "old_postal_code": before.postal_code,
    }
    deadline = filing_deadline(paper.fact_on, parameters.days("filing_days", clock.today())) if paper.fact_on else None
    notice = _receive(resident, chosen, paper, context, content, deadline, None)
    record(
        USING,
        context.for_case(notice.receipt_number),
        act=Act.REGISTER,
        dataset=paper.kind.label,
        atena_numbers=[resident.atena_number],
        items=("R1 基本情報",),
        detail={"receipt_number": notice.receipt_number},
    )
    return Registered(notice, None, advice.lines(advice.fitting(chosen.advice, foreign=resident.is_foreign)))


def _before(resident: Resident, kind: NoticeKind) -> InsuredPerson:
    rows = list(InsuredPerson.objects.current().filter(atena_number=resident.atena_number).order_by("-valid_period"))
    if kind is NoticeKind.NAME:
        earlier = [row for row in rows if (row.name, row.name_kana) != (resident.name, resident.name_kana)]
        what = "氏名"
    else:
        earlier = [row for row in rows if row.address != resident.full_address]
        what = "住所"
    if not earlier:
        raise InputError(
            f"住民記録に{what}の変更がありません",
            field="choice",
            code="nothing_changes",
            hint="先に市民課での手続きが必要です。処理が済むと数秒でこの画面に届きます。",
        )
    row: InsuredPerson = earlier[0]
    return row
