"""F20〜F28 裁定請求: what is not the city's is handed over, what excludes another claim is refused, else it is kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.benefits.unpaid_pension import Relation
from kokunen.national_pension import resident_view
from kokunen.national_pension.choices import OPEN_NOTICE_STATES, ClaimVerdict, NoticeKind, NoticeState
from kokunen.national_pension.handlers.base import REFUSE, WARN, Case, Finding, Handler
from kokunen.national_pension.models import Receipt
from kokunen.national_pension.services import claim_records, claims

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext


class ClaimHandler(Handler):
    """裁定請求の審査"""

    def check(self, case: Case) -> list[Finding]:
        """Not the city's, or already chosen the other way: refused with the reason and the way out; doubt is told."""
        about = case.about.atena_number if case.about else ""
        findings = [
            *_claimed_already(case, about),
            *_no_spouse(case),
            *_chosen_otherwise(case.form.code, about),
            *_deferred_otherwise(case),
        ]
        found = claims.KINDS[case.form.code].examine(
            claims.facts_for(case.atena_number, case.form.code, about, said_of(case))
        )
        words = "。".join(reason for reason, _ in found.reasons)
        article = found.reasons[0][1] if found.reasons else ""
        if found.verdict == ClaimVerdict.NOT_CITY:
            findings.append(
                Finding(
                    REFUSE,
                    f"年金事務所で受け付ける請求です: {words}",
                    article=article,
                    hint="見込みの画面から案内票を印刷してお渡しください。",
                )
            )
        elif found.verdict != ClaimVerdict.LIKELY:
            findings.append(Finding(WARN, f"{found.sentence}{words}", article=article))
        wrong_code = case.data.get("pension_code")
        if wrong_code and found.pension_code and wrong_code != found.pension_code:
            findings.append(
                Finding(
                    REFUSE,
                    f"年金コードは{found.pension_code}です（{wrong_code}ではありません）",
                    "pension_code",
                    article,
                    "初診日と年齢を確認してください。",
                )
            )
        return findings

    def received(self, receipt: Receipt, case: Case, context: AccessContext) -> None:
        """The examination as it stood is kept with the receipt."""
        claims.keep(receipt, said_of(case), context)

    def resulted(self, receipt: Receipt, context: AccessContext) -> None:
        """裁定: the record of the claim (R6〜R9) has its result."""
        claim_records.ended(receipt, context.staff_number)

    def withdrawn(self, receipt: Receipt, context: AccessContext) -> None:
        """取下げ: the record of the claim ends with it."""
        claim_records.ended(receipt, context.staff_number)


def said_of(case: Case) -> dict[str, Any]:
    """記載から事実へ: dates as dates, and the situation of the form in the words of the rules."""
    said: dict[str, Any] = {"situation": case.situation}
    for name, value in case.data.items():
        if isinstance(value, str) and len(value) == 10 and value[4] == "-":
            said[name] = date.fromisoformat(value)
        else:
            said[name] = value
    said["late"] = case.situation == "later"
    said["deferring"] = case.situation == "late"
    said["group"] = case.situation
    if str(said.get("relation", "")) in _RELATIONS:
        said["relation"] = _RELATIONS[str(said["relation"])]
    return said


_RELATIONS = {str(rank): str(relation) for rank, relation in enumerate(Relation, 1)}
"""続柄順位 T15"""


def _deferred_otherwise(case: Case) -> list[Finding]:
    """繰下げと給付金: while a pension is deferred no 給付金 is paid; of the two claims one has to go."""
    deferring = case.form.code == NoticeKind.OLD_AGE and case.situation == "late"
    if deferring:
        other = Receipt.objects.filter(kind=NoticeKind.SUPPLEMENT, situation="old_age")
    elif case.form.code == NoticeKind.SUPPLEMENT and case.situation == "old_age":
        other = Receipt.objects.filter(kind=NoticeKind.OLD_AGE, situation="late")
    else:
        return []
    taken = other.filter(atena_number=case.atena_number, state__in=OPEN_NOTICE_STATES).first()
    if taken is None:
        return []
    return [
        Finding(
            REFUSE,
            f"{taken.get_kind_display()}（受付番号 {taken.receipt_number}）を受け付けています。"
            "繰下げの間は年金生活者支援給付金は支給されません",
            article="年金生活者支援給付金の支給に関する法律第2条",
            hint="どちらかを取り下げてください。",
        )
    ]


def _claimed_already(case: Case, about: str) -> list[Finding]:
    """二重の請求: the same benefit claimed and not ended by a refusal or a withdrawal."""
    before = (
        Receipt.objects.filter(
            kind=case.form.code, atena_number=case.atena_number, about_atena_number=about, situation=case.situation
        )
        .exclude(state=NoticeState.WITHDRAWN)
        .exclude(claim_records__result="却下")
        .order_by("-id")
        .first()
    )
    if before is None or case.form.code == NoticeKind.OLD_AGE_WELFARE:  # F27 is a yearly notice
        return []
    return [
        Finding(
            REFUSE,
            f"同じ請求を{format_wareki(before.received_on)}に受け付けています（受付番号 {before.receipt_number}、"
            f"{before.get_state_display()}）",
            hint="その受付を開いて続きを処理してください。出し直すときは、先の請求を取り下げてください。",
        )
    ]


_SPOUSE_CLAIMS = {NoticeKind.WIDOW: "wife", NoticeKind.SURVIVOR: "spouse"}


def _no_spouse(case: Case) -> list[Finding]:
    """配偶者でない方の請求: 寡婦年金 is a wife's; a 続柄 of one household that says something else is told."""
    if case.about is None or _SPOUSE_CLAIMS.get(NoticeKind(case.form.code)) != case.situation:
        return []
    if case.form.code == NoticeKind.WIDOW and (case.resident.sex == "1" or case.about.sex == "2"):
        return [
            Finding(
                REFUSE,
                "寡婦年金を請求できるのは、亡くなった夫の妻です（住民記録の性別と合いません）",
                article="国民年金法第49条第1項",
                hint="死亡一時金など、ほかの請求を確認してください。",
                way_out="F24",
            )
        ]
    same_home = case.about.household_number == case.resident.household_number
    if same_home and resident_view.spouse_in([case.about, case.resident], case.resident) is None:
        return [
            Finding(
                WARN,
                f"住民記録の続柄（{case.resident.relationship}・{case.about.relationship}）からは配偶者と確認できません",
                hint="戸籍で婚姻の期間を確認してください。",
            )
        ]
    return []


def _chosen_otherwise(kind: str, about: str) -> list[Finding]:
    """法52条の6: 寡婦年金 and 死亡一時金 for one death; who has chosen one cannot claim the other."""
    other = claims.CHOICES.get(kind)
    if other is None or not about:
        return []
    taken = Receipt.objects.filter(kind=other, about_atena_number=about).exclude(state=NoticeState.WITHDRAWN).first()
    if taken is None:
        return []
    return [
        Finding(
            REFUSE,
            f"同じ死亡について{NoticeKind(other).label}を{format_wareki(taken.received_on)}に受け付けています"
            f"（受付番号 {taken.receipt_number}）。寡婦年金と死亡一時金はどちらか一方です",
            article="国民年金法第52条の6",
            hint="選び直すときは、先の請求を取り下げてください。",
        )
    ]
