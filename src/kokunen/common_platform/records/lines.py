"""回線の状態: numbered messages go to an outside party until it does not answer; then its line rests, longer each time.

Each subsystem keeps the state of its own lines in its own table; the rule is here, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from kokunen.kernel.errors import KokunenError

_FIRST_REST, _LONGEST_REST = 2, 300  # seconds
#: 障害の言葉の長さ: what is kept of the words of a failure.
TROUBLE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Round:
    """送信の結果: how many were taken and refused, and what stopped the round ("" = everything that could go went)."""

    sent: int = 0
    refused: int = 0
    trouble: str = ""


class RestingLine(models.Model):
    """回線の状態 (abstract): since when a party does not answer, and when it is tried again. Key: `party`."""

    failures = models.PositiveIntegerField("続けて失敗した回数", default=0)
    next_try_at = models.DateTimeField("次に試す日時", null=True, blank=True)
    last_error = models.CharField("最後の障害", max_length=TROUBLE_LENGTH, blank=True, default="")
    last_good_at = models.DateTimeField("最後に応答があった日時", null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def of(cls, party: str) -> Self:
        """相手方の回線: as kept, or one that was never used."""
        held: Self | None = cls._default_manager.filter(pk=party).first()
        return cls(pk=party) if held is None else held

    def is_due(self) -> bool:
        """回線を試す時か: not while it rests after a failure."""
        return self.next_try_at is None or self.next_try_at <= _real_now()

    def note_failure(self, error: KokunenError) -> None:
        """障害を記す: rest 2 s, then twice as long each time, five minutes at most."""
        self.failures += 1
        rest = min(_FIRST_REST * 2 ** min(self.failures - 1, 10), _LONGEST_REST)
        self.next_try_at = _real_now() + timedelta(seconds=rest)
        self.last_error = error.message[:TROUBLE_LENGTH]
        self.save()

    def note_success(self, at: datetime) -> None:
        """応答を記す; `at` is the office's time."""
        self.failures, self.next_try_at, self.last_error, self.last_good_at = 0, None, "", at
        self.save()


def send_in_order(
    send_next: Callable[[], str | None], *, taken: str, limit: int, failed: Callable[[KokunenError], None]
) -> Round:
    """順に送る: one after the other until `send_next` has none (None), the limit is reached or the line fails.

    `send_next` gives the state that the party's answer led to; `taken` is that of an accepted one. A failure of the
    line is told to `failed` and ends the round; any other error goes on to the caller.
    """
    sent = refused = 0
    while sent + refused < limit:
        try:
            state = send_next()
        except KokunenError as error:
            if error.code != "line_trouble":
                raise
            failed(error)
            return Round(sent, refused, error.message)
        if state is None:
            break
        sent += state == taken
        refused += state != taken
    return Round(sent, refused)


def _real_now() -> datetime:
    """Rests are measured by the real clock, which a fixed business day does not stop."""
    return timezone.now()
