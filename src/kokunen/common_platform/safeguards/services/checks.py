"""手続ごとの確かめ: what a register asks beyond its fields, and what a step asks beyond its order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from kokunen.assessment.flows import party_of
from kokunen.assessment.gateway import admit_outbound
from kokunen.common_platform.safeguards import articles
from kokunen.common_platform.safeguards.clocks import box_due
from kokunen.common_platform.safeguards.media import check_content
from kokunen.common_platform.safeguards.models import RegisterEntry, RegisterStep
from kokunen.common_platform.safeguards.procedures import parameter
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext

Content = Mapping[str, Any]
_AGENTS = ("法定代理人", "任意代理人")
_TERMS = ("secrecy", "subcontracting", "third_parties", "accidents", "inspection", "termination")


def check_entry(kind: str, title: str, content: Content, opened_on: date) -> None:
    """登録の確かめ: raises InputError, Conflict or NotAllowed."""
    if check := _ENTRY.get(kind):
        check(content, opened_on)


def check_step(
    entry: RegisterEntry, steps: list[RegisterStep], action: str, content: Content, day: date, context: AccessContext
) -> None:
    """手続の確かめ: raises InputError, Conflict or NotAllowed."""
    if check := _STEP.get((entry.kind, action)):
        check(entry, steps, content, day, context)


def _rights(content: Content, opened_on: date) -> None:
    if content["requester"] in _AGENTS and not content["agent_proof"]:
        raise InputError(
            "代理人による請求です。代理権を確かめた書類を入力してください",
            field="agent_proof",
            hint="法定代理人は戸籍の証明書など、任意代理人は委任状です（個人情報保護法76条2項）。",
        )


def _later_rights(content: Content, opened_on: date) -> None:
    _rights(content, opened_on)
    limit = int(parameter("correction_days"))
    if content["disclosed_on"] and opened_on > date.fromisoformat(content["disclosed_on"]) + timedelta(days=limit):
        raise Conflict(
            f"開示を受けた日から{limit}日を過ぎています",
            field="disclosed_on",
            hint="もう一度開示を受けてから請求できることを案内してください（個人情報保護法90条3項）。",
        )


def _release_entry(content: Content, _opened_on: date) -> None:
    admit_outbound(party_of(content["recipient"]), content["method"])
    if content["until"] < content["from"]:
        raise InputError("期間の末日は初日より後にしてください", field="until")


def _leak_entry(content: Content, opened_on: date) -> None:
    if date.fromisoformat(content["known_on"]) > opened_on:
        raise InputError("認知した日は登録の日より後にできません", field="known_on")


def _deadline(entry: RegisterEntry, _s: list[RegisterStep], content: Content, day: date, _c: AccessContext) -> None:
    latest = day + timedelta(days=int(parameter("approval_days")))
    if not day.isoformat() <= content["until"] <= latest.isoformat():
        raise InputError(f"使える期限は今日から{format_wareki(latest)}までの日付にしてください", field="until")


def _activate(entry: RegisterEntry, _s: list[RegisterStep], _content: Content, _day: date, _c: AccessContext) -> None:
    contract = entry.content
    missing = [term for term in _TERMS if not contract[term]]
    if missing:
        raise NotAllowed(
            f"契約の6つの条項のうち {len(missing)} つがありません",
            field=missing[0],
            hint="条項をそろえた契約で登録し直してください（評価書 III.4）。",
        )
    if not contract["checked"]:
        raise NotAllowed("選定時の管理体制の確認がありません", field="checked", hint="確認してから登録してください。")
    if contract["principal"] and not contract["consented_on"]:
        raise NotAllowed(
            "再委託の許諾がありません",
            field="consented_on",
            hint="再委託には、はじめに委託した市の許諾が要ります（番号法10条）。",
        )


def _judged(entry: RegisterEntry, _s: list[RegisterStep], content: Content, _day: date, _c: AccessContext) -> None:
    problems = articles.problems(f"{content['article']} {content['pension_law']}")
    if problems:
        raise InputError(problems[0], field="pension_law")
    if entry.content["recipient"] == "日本年金機構" and not content["pension_law"]:
        raise InputError(
            "日本年金機構への提供は、国民年金法の条も入力してください",
            field="pension_law",
            hint="番号法19条には日本年金機構への紙・媒体の提供そのものの号がありません（国民年金法3条3項、109条の4など）。",
        )


def _release(entry: RegisterEntry, steps: list[RegisterStep], content: Content, day: date, c: AccessContext) -> None:
    asked = entry.content
    admit_outbound(party_of(asked["recipient"]), asked["method"], context=c)
    if content["recipient"] != asked["recipient"]:
        raise NotAllowed("依頼書の相手ではありません", field="recipient", hint="別の相手には別の依頼書が要ります。")
    if content["method"] != asked["method"]:
        raise NotAllowed("依頼書の方法ではありません", field="method", hint="方法を変えるには別の依頼書が要ります。")
    beyond = [item for item in content["items"] if item not in asked["items"]]
    if beyond:
        raise NotAllowed(f"依頼書にない項目です: {'、'.join(beyond)}", field="items", hint="項目を外してください。")
    if not asked["from"] <= day.isoformat() <= asked["until"]:
        raise NotAllowed("依頼書の期間ではありません", field="until", hint="新しい依頼書を受けてください。")
    if sum(step.action == "release" for step in steps) >= int(asked["uses"]):
        raise NotAllowed("依頼書の回数を使い切りました", field="uses", hint="新しい依頼書を受けてください。")


def _box(entry: RegisterEntry, _s: list[RegisterStep], _content: Content, day: date, _c: AccessContext) -> None:
    due = box_due(int(entry.content["fiscal_year"]), int(entry.content["years"]))
    if day < due:
        raise Conflict(f"保存期間が満了していません（{format_wareki(due)}から廃棄できます）", field="acted_on")


def _extension(entry: RegisterEntry, steps: list[RegisterStep], content: Content, _d: date, _c: AccessContext) -> None:
    longest = int(parameter("rights_extension_days"))
    if any(step.action == "extend" for step in steps):
        raise Conflict("期間の延長は1回だけです", hint="特例の延長は、はじめの期間のうちに通知します。")
    if not 0 < int(content["days"]) <= longest:
        raise InputError(f"延長できるのは{longest}日までです", field="days")


def _long_extension(
    entry: RegisterEntry, steps: list[RegisterStep], _content: Content, day: date, _c: AccessContext
) -> None:
    from kokunen.common_platform.safeguards.clocks import mending, rights_due

    first = rights_due(entry.opened_on, mending(steps))
    if first is None or day > first:
        raise Conflict("特例の延長は、はじめの期間のうちに通知します", hint="決定を急いでください（84条）。")


def _written(_e: RegisterEntry, _s: list[RegisterStep], content: Content, _day: date, _c: AccessContext) -> None:
    check_content(content["report"], content["sha256"], content["key_id"], int(content["people"]))


def _types(_e: RegisterEntry, _s: list[RegisterStep], content: Content, _day: date, _c: AccessContext) -> None:
    if not set(content["types"]) <= {"0", "1", "2", "3", "4"}:
        raise InputError("報告対象の類型は1から4（なければ0）で入力してください", field="types")


def _response(entry: RegisterEntry, _s: list[RegisterStep], content: Content, _d: date, _c: AccessContext) -> None:
    if entry.content["cloud"] and "国" not in content["to"] and "デジタル庁" not in content["to"]:
        raise InputError(
            "クラウドに原因がある事故です。連絡した相手に国（デジタル庁）を入力してください",
            field="to",
            hint="クラウドの契約は国が履行を求めます。業務データは市と運用管理補助者の責任です（評価書 III.10）。",
        )


_ENTRY: dict[str, Callable[[Content, date], None]] = {
    "disclosure": _rights,
    "correction": _later_rights,
    "suspension": _later_rights,
    "release": _release_entry,
    "leak": _leak_entry,
}
_STEP: dict[tuple[str, str], Callable[[RegisterEntry, list[RegisterStep], Content, date, AccessContext], None]] = {
    ("bulk_output", "approve"): _deadline,
    ("contractor", "activate"): _activate,
    ("medium", "write"): _written,
    ("release", "judge"): _judged,
    ("release", "release"): _release,
    ("paper_box", "propose"): _box,
    ("paper_box", "dispose"): _box,
    ("leak", "judge"): _types,
    ("leak", "respond"): _response,
    **{(kind, "extend"): _extension for kind in ("disclosure", "correction", "suspension")},
    **{(kind, "extend_long"): _long_extension for kind in ("disclosure", "correction", "suspension")},
}
