"""届出の共通部分: what every notice carries, what comes back, and the checks of its dates (SPEC 4.0.3, 4.1.0.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kokunen.kernel.calendar import Deadline, filing_deadline
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.kernel.wareki import ImpreciseDate, format_wareki
from kokunen.resident_registry.choices import EventCode, Filer, FilingKind, IdentityCheck, event_spec

#: 異動日 may be unknown in part for these (SPEC 1.1.8: birth, death, disappearance; ex officio recording of a fact
#: found late).
IMPRECISE_EVENTS = frozenset(
    {
        EventCode.BIRTH,
        EventCode.DEATH,
        EventCode.DISAPPEARANCE,
        EventCode.ADDRESS_FOUND,
        EventCode.EX_OFFICIO_ENTRY,
        EventCode.EX_OFFICIO_REMOVAL,
    }
)
#: Closed days before the 祝日法 are not in the calendar; a notice of that age is refused for other reasons.
HOLIDAYS_KNOWN_FROM = 1949
#: 異動日 may lie in the future for moving out only (SPEC 4.1.3.0.1).
FUTURE_EVENTS = frozenset({EventCode.MOVE_OUT, EventCode.SPECIAL_MOVE_OUT, EventCode.MOVE_OUT_ABROAD})


@dataclass(frozen=True, slots=True)
class Notice:
    """届出: the head of a paper, common to all kinds.

    `event_on` is 異動日, `notified_on` 届出日 (None = today). 処理日 is always the office's today and no field of a
    notice. `supervised`: an officer who may handle people under a 支援措置 looked at it (perms.may_handle_protected).
    `cause` is a value of choices.Cause where the 異動事由 leaves open what happened.
    """

    code: EventCode
    event_on: ImpreciseDate
    notified_on: date | None = None
    filing_kind: FilingKind = FilingKind.NOTICE
    filer: Filer = Filer.SELF
    filer_name: str = ""
    identity_check: IdentityCheck = IdentityCheck.NOT_NEEDED
    remarks: str = ""
    supervised: bool = False
    cause: str = ""

    @classmethod
    def on(cls, code: EventCode, day: date, **more: object) -> Notice:
        """届出 with an exact 異動日."""
        return cls(code, ImpreciseDate.of(day), **more)  # type: ignore[arg-type]

    @property
    def day(self) -> date:
        """異動日 (for sorting and periods; never printed when imprecise)."""
        return self.event_on.sortable

    @property
    def name(self) -> str:
        """異動事由の名称."""
        return event_spec(self.code).name

    def filed_on(self, today: date) -> date:
        """届出日."""
        return self.notified_on or today

    def as_code(self, code: EventCode) -> Notice:
        """The same paper under another 異動事由 (a late moving out becomes ex officio)."""
        return replace(self, code=code)


@dataclass(frozen=True, slots=True)
class Alert:
    """注意: may continue after confirmation (SPEC 11.1). `code` is stable, `message` says what to look at."""

    code: str
    message: str
    field: str = ""


class NeedsConfirmation(KokunenError):
    """確認が必要: nothing is wrong, but the officer must have seen the alerts; nothing was stored."""

    default_code = "needs_confirmation"

    def __init__(self, alerts: Sequence[Alert]) -> None:
        super().__init__(
            "登録の前に確認が必要な事項があります",
            hint="内容を確認し、よければ「確認しました」を選んで登録してください。",
        )
        self.alerts = tuple(alerts)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """あわせて確認: what the visitor should be told or do next, with the duty it concerns."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """登録の結果: what the next screen and the 受付票 show."""

    event_id: int
    receipt_number: str
    code: EventCode
    atena_numbers: tuple[str, ...]
    household_numbers: tuple[str, ...]
    alerts: tuple[Alert, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    new_atena_numbers: tuple[str, ...] = ()


@dataclass(slots=True)
class Findings:
    """判定の途中: alerts and follow-ups gathered while a notice is planned."""

    alerts: list[Alert] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)

    def alert(self, code: str, message: str, at: str = "") -> None:
        """Add an alert once."""
        found = Alert(code, message, at)
        if found not in self.alerts:
            self.alerts.append(found)

    def follow_up(self, code: str, message: str) -> None:
        """Add a follow-up once."""
        found = FollowUp(code, message)
        if found not in self.follow_ups:
            self.follow_ups.append(found)


def check_dates(notice: Notice, today: date, *, notice_may_precede: bool = False) -> None:
    """日付の検査: 異動日 not in the future (but for moving out), 届出日 not in the future and not before the fact."""
    filed = notice.filed_on(today)
    if filed > today:
        raise InputError(
            f"届出日が今日（{format_wareki(today)}）より後です。今日までの日を入力してください",
            "notified_on",
            "out_of_range",
            "書類の受付日を確認してください。",
        )
    if notice.event_on.is_imprecise and notice.code not in IMPRECISE_EVENTS:
        raise InputError(
            f"{notice.name}の異動日は年月日まで必要です。不詳の日付は使えません",
            "event_on",
            "invalid_value",
            "届出人に日を確認してください。",
        )
    if notice.day > today and notice.code not in FUTURE_EVENTS:
        raise InputError(
            f"{notice.name}の異動日が今日（{format_wareki(today)}）より後です。今日までの日を入力してください",
            "event_on",
            "out_of_range",
            "先の日付で登録できるのは転出だけです。",
        )
    if filed < notice.day and not notice_may_precede and not notice.event_on.is_imprecise:
        raise InputError(
            f"届出日（{format_wareki(filed)}）が異動日（{format_wareki(notice.day)}）より前です。異動日以後の日を入力してください",
            "notified_on",
            "inconsistent",
            "異動日と届出日を確認してください。",
        )


def deadline_of(notice: Notice) -> Deadline | None:
    """届出期限 (14 days, closed days skipped), or None where the article sets none."""
    days = event_spec(notice.code).deadline_days
    if not days or notice.event_on.is_imprecise or notice.day.year < HOLIDAYS_KNOWN_FROM:
        return None
    return filing_deadline(notice.day, days)


def note_late_filing(notice: Notice, today: date, findings: Findings) -> None:
    """届出期間の経過: an alert, since a late notice is taken all the same (住基法52条2項)."""
    limit = deadline_of(notice)
    if limit and notice.filing_kind == FilingKind.NOTICE and not limit.is_met_by(notice.filed_on(today)):
        findings.alert(
            "late_filing",
            f"届出期間（{format_wareki(limit.deadline)}まで）を過ぎています。遅れた理由を確認してください",
            "notified_on",
        )
