"""処理案の形: a plan as it is stored with a work item and shown on a screen (JSON), and its fingerprint."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from kokunen.national_pension.choices import (
    ACQUISITION_REASONS,
    LOSS_REASONS,
    SHORT_TYPE_LABELS,
    VOLUNTARY_TYPES,
    NoticeKind,
)
from kokunen.national_pension.deduction import Held, Plan


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """処理案: dates as ISO text, codes with their words beside them."""
    return {
        "facts": [{"kind": fact.kind, "on": fact.on.isoformat(), "reason": fact.reason} for fact in plan.facts],
        "endings": [
            {
                "insured_type": ending.held.insured_type,
                "insured_type_ja": SHORT_TYPE_LABELS[ending.held.insured_type],
                "acquired_on": ending.held.acquired_on.isoformat(),
                "lost_on": ending.lost_on.isoformat(),
                "loss_reason": ending.loss_reason,
                "loss_reason_ja": LOSS_REASONS.label(ending.loss_reason),
                "last_month": ending.last_month,
            }
            for ending in plan.endings
        ],
        "beginnings": [
            {
                "insured_type": begin.insured_type,
                "insured_type_ja": SHORT_TYPE_LABELS[begin.insured_type],
                "acquired_on": begin.acquired_on.isoformat(),
                "acquisition_reason": begin.acquisition_reason,
                "acquisition_reason_ja": ACQUISITION_REASONS.label(begin.acquisition_reason),
                "lost_on": begin.lost_on.isoformat() if begin.lost_on else None,
                "first_month": begin.first_month,
                "joins": begin.joins,
            }
            for begin in plan.beginnings
        ],
        "effective_on": plan.effective_on.isoformat() if plan.effective_on else None,
        "expected_end_on": plan.expected_end_on.isoformat() if plan.expected_end_on else None,
        "expected_end_reason_ja": LOSS_REASONS.label(plan.expected_end_reason) if plan.expected_end_reason else "",
        "article": plan.article,
        "sentences": list(plan.sentences),
        "fingerprint": fingerprint(plan),
    }


def fingerprint(plan: Plan) -> str:
    """要約値: two plans with the same consequences have the same one; a screen sends it back with the confirmation."""
    content = [
        [(e.held.insured_type, e.held.acquired_on, e.held.id, e.lost_on, e.loss_reason) for e in plan.endings],
        [(b.insured_type, b.acquired_on, b.acquisition_reason, b.lost_on, b.loss_reason) for b in plan.beginnings],
    ]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()[:32]


def notice_kind_of(plan: Plan) -> NoticeKind:
    """届書の種類 that tells of a plan: who dies, loses, changes or acquires."""
    if any(fact.kind == "death" for fact in plan.facts):
        return NoticeKind.DEATH
    if plan.beginnings:
        begun = plan.beginnings[0]
        if begun.insured_type in VOLUNTARY_TYPES:
            return NoticeKind.VOLUNTARY
        return NoticeKind.CHANGE_OF_KIND if begun.joins else NoticeKind.ACQUISITION
    if plan.endings and plan.endings[0].held.insured_type in VOLUNTARY_TYPES:
        return NoticeKind.VOLUNTARY
    return NoticeKind.LOSS


def held_as_json(period: Held) -> dict[str, Any]:
    """記録されている期間 for a screen."""
    return {
        "insured_type": period.insured_type,
        "insured_type_ja": SHORT_TYPE_LABELS[period.insured_type],
        "acquired_on": period.acquired_on.isoformat(),
        "acquisition_reason_ja": ACQUISITION_REASONS.label(period.acquisition_reason),
        "lost_on": period.lost_on.isoformat() if period.lost_on else None,
        "loss_reason_ja": LOSS_REASONS.label(period.loss_reason) if period.loss_reason else "",
    }
