"""続柄の型 (types): the members of a household and what is proposed for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    """性別."""

    MALE = "male"
    FEMALE = "female"


class Status(StrEnum):
    """付け替えの結果: rewritten, the only one left became head ex officio, or 世帯主未設定."""

    REWRITTEN = "rewritten"
    AUTO_HEAD = "auto_head"
    NO_HEAD = "no_head"


@dataclass(frozen=True, slots=True)
class Member:
    """世帯員: ``person`` is any key that is unique in the household.

    ``parents`` and ``spouse`` are keys of other members (those who leave included), as far as they are known for
    certain; what is not given is inferred from the present 続柄 and marked for confirmation. ``leaves`` marks those
    who die or move out.
    """

    person: str
    relation: str
    sex: Sex
    birth_date: date
    parents: tuple[str, ...] = ()
    spouse: str | None = None
    koseki_head: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class MemberProposal:
    """世帯員一人の案: ``relation_after`` is None for a member who leaves.

    ``path`` names the members from the new head to this one, both included, along which the words were read; empty
    when there is no such path. ``note`` says in Japanese what must be confirmed, empty when nothing was assumed.
    """

    person: str
    relation_before: str
    relation_after: str | None
    needs_confirmation: bool
    path: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """続柄の付け替え案: to be confirmed by a clerk member by member, never applied silently.

    ``notify`` (世帯主未設定 only) is the member who gets the 世帯主変更依頼通知書, None when nobody is left.
    ``print_order`` lists those who stay in the order of the 住民票, empty when there is no head.
    """

    status: Status
    new_head: str | None
    members: tuple[MemberProposal, ...]
    print_order: tuple[str, ...] = ()
    notify: str | None = None
