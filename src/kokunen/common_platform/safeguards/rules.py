"""保存の規則: what each subsystem says about who goes when (its `retention.py`), gathered at start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol


class RetentionRule(Protocol):
    """保存の規則 of one store."""

    code: str
    label: str

    def candidates(self, as_of: date) -> Sequence[str]:
        """宛名番号 of everybody whose retention is over on that day, in order."""

    def delete(self, number: str) -> Mapping[str, int]:
        """Delete the people of that approved run everywhere in the store; rows by table."""

    def present(self) -> Sequence[str]:
        """宛名番号 of everybody in the store."""


_rules: dict[str, RetentionRule] = {}


def register_rule(rule: RetentionRule) -> None:
    """Declare a rule; its code stays for life."""
    _rules[rule.code] = rule


def retention_rules() -> Mapping[str, RetentionRule]:
    """Every rule by its code."""
    return dict(_rules)


def get_rule(code: str) -> RetentionRule:
    """The rule of that code; KeyError when nobody declares it."""
    return _rules[code]
