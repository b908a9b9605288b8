"""続柄の付け替え (relationship): 続柄 after a change of head, and whether one 続柄 may be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Enum, Field, List, Object, Record, Text
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.relationship import Member, Proposal, Sex, Status, check, explain, propose

_ARTICLE = "住民記録システム標準仕様書1.1.11"


@dataclass(frozen=True, kw_only=True)
class Relation(Field):
    """続柄: a word, or words joined by の, that may stand in the register."""

    def allowed(self, root: Record) -> str:
        return "世帯主、縁故者、同居人、または夫・妻・子・父・母・兄・姉・弟・妹などの語を「の」で4つまでつないだ続柄"

    def read(self, value: Any, path: str, root: Record) -> str:
        if not isinstance(value, str):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        if not check(value).valid:
            self.refuse(Code.INVALID_VALUE, path, value, root)
        return value


@dataclass(frozen=True, kw_only=True)
class Reference(Field):
    """世帯員の参照: the key of a member; whether there is such a member is seen when all members were read."""

    def allowed(self, root: Record) -> str:
        return "同じ世帯の世帯員の識別子（文字列）"

    def read(self, value: Any, path: str, root: Record) -> str:
        if not isinstance(value, str):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        return value


FIELDS = (
    Enum(name="op", label="処理", values=("rewrite", "check"), default="rewrite"),
    Text(name="relation", label="続柄", low=1, high=60),
    List(
        name="members",
        label="世帯員",
        low=1,
        high=50,
        item=Object(
            name="member",
            label="世帯員",
            fields=(
                Text(name="person", label="世帯員の識別子", low=1, high=40, required=True),
                Relation(name="relation", label="続柄", required=True),
                Enum(name="sex", label="性別", values=tuple(Sex), required=True),
                Day(name="birth_date", label="生年月日", required=True),
                List(name="parents", label="父母", high=2, item=Reference(name="parent", label="父母")),
                Reference(name="spouse", label="配偶者"),
                Boolean(name="koseki_head", label="戸籍の筆頭者", default=False),
                Boolean(name="leaves", label="世帯を離れる", default=False),
            ),
        ),
    ),
    Reference(name="new_head", label="新しい世帯主"),
)


def conditions(record: Record) -> None:
    """検査には続柄だけ, 付け替えには世帯員."""
    if record["op"] == "check":
        record.require("relation", "続柄の検査（check）のとき")
        record.forbid(("members", "new_head"), "続柄の検査（check）のとき")
    else:
        record.forbid(("relation",), "続柄の付け替え（rewrite）のとき")
        record.require("members", "続柄の付け替え（rewrite）のとき")


def answer(record: Record, explain_it: bool) -> Answer:
    """検査または付け替えの答え."""
    if record["op"] == "check":
        return _check(record["relation"], explain_it)
    members = [_member(member) for member in record["members"]]
    proposal = propose(members, record.get("new_head"))
    return Answer(_result(proposal), explain(proposal) if explain_it else ())


def _check(relation: str, explain_it: bool) -> Answer:
    outcome = check(relation)
    reason = None if outcome.reason is None else outcome.reason.value
    result = {
        "valid": outcome.valid,
        "reason": reason,
        "codes": list(outcome.codes),
        "suggestion": outcome.suggestion,
    }
    steps = (
        Explained("codes", "続柄コード", "・".join(outcome.codes) or None, Unit.TEXT, _ARTICLE),
        Explained("reason", "使えない理由", reason, Unit.TEXT, _ARTICLE),
        Explained("valid", "使える続柄", outcome.valid, Unit.BOOL, _ARTICLE),
        Explained("suggestion", "代わりの続柄", outcome.suggestion, Unit.TEXT, _ARTICLE),
    )
    return Answer(result, steps if explain_it else ())


def _member(record: Record) -> Member:
    return Member(
        person=record["person"],
        relation=record["relation"],
        sex=Sex(record["sex"]),
        birth_date=record["birth_date"],
        parents=tuple(record.get("parents", ())),
        spouse=record.get("spouse"),
        koseki_head=record["koseki_head"],
        leaves=record["leaves"],
    )


def _result(proposal: Proposal) -> dict[str, Any]:
    result: dict[str, Any] = {"status": proposal.status.value, "new_head": proposal.new_head}
    if proposal.status is Status.NO_HEAD:
        result["notify"] = proposal.notify
    result["members"] = [
        {
            "person": member.person,
            "relation_before": member.relation_before,
            "relation_after": member.relation_after,
            "needs_confirmation": member.needs_confirmation,
        }
        for member in proposal.members
    ]
    if proposal.status is not Status.NO_HEAD:
        result["print_order"] = list(proposal.print_order)
    return result


RULESET = Ruleset(
    name="relationship", label="続柄の付け替え", fields=FIELDS, conditions=conditions, evaluate=one_by_one(answer)
)
