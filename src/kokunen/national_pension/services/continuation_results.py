"""継続審査の結果の取込: the Service's list of results read whole, matched person by person, and applied row by row.

A broken line refuses the whole file. A row that contradicts the record here (nobody of that number, another birth
date, not in the run, months that are not 第1号, decided otherwise before) changes nothing, is told with its line and
reason, and its person stays 審査中. Reading the same file again applies only what still waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from kokunen.assessment.flows import MEDIUM, SERVICE
from kokunen.assessment.gateway import admit_inbound
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, KokunenError
from kokunen.law.engine.months import month_of
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import resident_view
from kokunen.national_pension.exchange_files import Fault, read_table
from kokunen.national_pension.exemption_choices import ExemptionResult
from kokunen.national_pension.models import ContinuationCase, PensionNumber
from kokunen.national_pension.services import continuation
from kokunen.national_pension.services.common import USING, lock_person, one_case, savepoint
from kokunen.national_pension.services.continuation import Verdict

NAME = "継続審査の結果ファイル"
_LEDGER_PEOPLE = 5_000


@dataclass(frozen=True, slots=True)
class Intake:
    """取込の結果: rows applied by result, rows that had been applied before, and those an officer must look at."""

    granted: int
    refused: int
    repeated: int
    open_rows: tuple[Fault, ...]

    @property
    def applied(self) -> int:
        """取り込んだ件数."""
        return self.granted + self.refused


@lru_cache(maxsize=1)
def layout() -> dict[str, Any]:
    """様式: the columns of the list of results."""
    import yaml

    text = files("kokunen.national_pension").joinpath("continuation_result_layout.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@one_case("継続審査の結果の取込")
def take_file(*, content: bytes, context: AccessContext) -> Intake:
    """結果を取り込む: one transaction. `BrokenFile` with the lines for a file that cannot be read, Conflict when every
    row of it was taken in before, NotAllowed unless the assessment declares the acquisition on media.
    """
    admit_inbound(SERVICE, MEDIUM, context=context)
    rows = list(read_table(content, layout(), columns=layout()["columns"], name=NAME).iter_rows(named=True))
    numbers = _people([row["number"] for row in rows])
    residents = resident_view.by_numbers(set(numbers.values()))
    cases = {
        (one.run.cycle_year, one.atena_number): one
        for one in ContinuationCase.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(atena_number__in=list(numbers.values()), run__cycle_year__in={int(row["cycle_year"]) for row in rows})
    }
    free = {
        year: continuation.free_months(year, [atena for of_year, atena in cases if of_year == year])
        for year in {year for year, _ in cases}
    }
    counts = {"granted": 0, "refused": 0, "repeated": 0}
    open_rows, touched = [], []
    for row in rows:
        atena = numbers.get(row["number"], "")
        try:
            with savepoint():
                resident = residents.get(atena)
                case = _case_of(
                    row, resident.birth_date if resident else None, cases.get((int(row["cycle_year"]), atena))
                )
                outcome = _apply(row, case, free[int(row["cycle_year"])][atena], context)
        except KokunenError as error:
            open_rows.append(Fault(row["line_number"], error.message))
        else:
            counts[outcome] += 1
            touched.append(atena)
    if counts["repeated"] and counts["repeated"] == len(rows):
        raise Conflict(
            f"この{NAME}の結果はすべて取り込み済みです", code="once", hint="対象者の一覧で確かめてください。"
        )
    _enter_ledger(content, touched, counts, open_rows, context)
    return Intake(**counts, open_rows=tuple(open_rows))


def _people(numbers: Sequence[str]) -> dict[str, str]:
    """基礎年金番号 → 宛名番号; a number that two people carry is nobody's."""
    found: dict[str, set[str]] = {}
    for number, atena in (
        PensionNumber.objects.current()
        .filter(number__in=numbers, role__in=(PensionNumber.Role.PRIMARY, PensionNumber.Role.DUPLICATE))
        .values_list("number", "atena_number")
    ):
        found.setdefault(number, set()).add(atena)
    return {number: atenas.pop() for number, atenas in found.items() if len(atenas) == 1}


def _case_of(row: Mapping[str, Any], birth: date | None, case: ContinuationCase | None) -> ContinuationCase:
    if birth is None:
        raise Conflict("この基礎年金番号の方が見つかりません", code="unknown_person")
    if birth != _day(row["birth_date"]):
        raise Conflict("基礎年金番号の方の生年月日が、市の記録と一致しません", code="other_person")
    if case is None:
        raise Conflict(f"{row['cycle_year']}年度の継続審査の対象者ではありません", code="not_sent")
    return case


def _apply(row: Mapping[str, Any], case: ContinuationCase, free: frozenset[int], context: AccessContext) -> str:
    """One row: "granted" or "refused", "repeated" when it says what is recorded; KokunenError for a contradiction."""
    result, decided_on = ExemptionResult(row["result"]), _day(row["decided_on"])
    granted = result == ExemptionResult.GRANTED
    if granted != bool(row["kind"]):
        raise Conflict("裁定結果と免除種類が合いません（承認には免除種類が要り、却下は空欄です）", code="inconsistent")
    if case.result != ExemptionResult.WAITING:
        if (case.result, case.result_kind, case.decided_on) == (result, row["kind"], decided_on):
            return "repeated"
        raise Conflict(f"すでに別の結果（{case.get_result_display()}）が記録されています", code="already_decided")
    if not date(case.run.cycle_year, 7, 1) <= decided_on <= clock.today():
        raise Conflict("裁定日は免除年度の7月1日から今日までの日です", code="out_of_range")
    if not granted and not row["reason"]:
        raise Conflict("却下の理由がありません", code="missing_field")
    months = _months(row, free) if granted else frozenset()
    lock_person(case.atena_number)
    verdict = Verdict(result, row["kind"], months, decided_on, row["reason"])
    continuation.decide(case, verdict, context.staff_number)
    return "granted" if granted else "refused"


def _months(row: Mapping[str, Any], free: frozenset[int]) -> frozenset[int]:
    """承認の月: those named, all of which must be 第1号 here; without a name every month that is free."""
    if bool(row["from_month"]) != bool(row["to_month"]):
        raise Conflict("承認の始まりの月と終わりの月は、両方を書くか、両方を空欄にします", code="inconsistent")
    months = free
    if row["from_month"]:
        first, last = (month_of(_day(f"{row[name]}01")) for name in ("from_month", "to_month"))
        months = frozenset(range(first, last + 1))
    if not months or not months <= free:
        raise Conflict("承認の月に、市の記録で第1号でない月か、ほかの免除の月があります", code="other_months")
    return months


def _day(digits: str) -> date:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _enter_ledger(
    content: bytes,
    touched: Sequence[str],
    counts: Mapping[str, int],
    open_rows: Sequence[Fault],
    context: AccessContext,
) -> None:
    """記録: everybody whose result was taken in; the file by its hash and the lines that wait for an officer."""
    for start in range(0, max(len(touched), 1), _LEDGER_PEOPLE):
        record(
            USING,
            context,
            act=Act.REGISTER,
            dataset="継続審査の結果",
            atena_numbers=list(dict.fromkeys(touched[start : start + _LEDGER_PEOPLE])),
            items=("R5 免除情報",),
            detail={"sha256": sha256(content).hexdigest(), **counts, "open_lines": [one.line for one in open_rows]},
        )
