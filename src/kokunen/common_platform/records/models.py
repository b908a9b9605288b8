"""二つの時間をもつ記録: rows that say what held in the world and what the office knew, and are never overwritten.

`valid_period` is when the fact held (days, half open), `recorded_period` when this row was what the office knew
(instants, half open). A correction closes the recorded period of the old row and adds a new one. The database refuses
anything else: the role of the subsystem may update `recorded_period` only, and a trigger allows just its end to be
set, once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models.functions import Cast, Now


class BitemporalQuerySet(models.QuerySet[Any]):
    """二つの時間での絞り込み."""

    def current(self) -> Self:
        """Rows that are the office's knowledge now."""
        return self.filter(recorded_period__endswith__isnull=True)

    def known_on(self, instant: datetime) -> Self:
        """Rows that were the office's knowledge at that instant (基準日)."""
        return self.filter(recorded_period__contains=instant)

    def valid_on(self, day: date) -> Self:
        """Rows whose fact held on that day."""
        return self.filter(valid_period__contains=day)


BitemporalManager = models.Manager.from_queryset(BitemporalQuerySet)


class BitemporalModel(models.Model):
    """二つの時間をもつ記録 (abstract)."""

    table_policy: ClassVar[str] = "two_times"

    valid_period = DateRangeField("有効期間")
    recorded_period = DateTimeRangeField("記録期間")
    recorded_by = models.CharField("記録した職員", max_length=40)
    recorded_reason = models.CharField("記録の理由", max_length=200, blank=True, default="")

    objects = BitemporalManager()

    class Meta:
        abstract = True

    def close_record(self, at: datetime) -> None:
        """記録を閉じる: from that instant on this row is no longer what the office knows."""
        self.recorded_period = DateTimeTZRange(self.recorded_period.lower, at, "[)")
        self.save(update_fields=["recorded_period"])


class AppendOnlyModel(models.Model):
    """追記のみの記録 (abstract): rows may be added, never changed or removed."""

    table_policy: ClassVar[str] = "append_only"

    class Meta:
        abstract = True


def bitemporal_constraint(name: str, *key_fields: str, numbers: Collection[str] = ()) -> ExclusionConstraint:
    """重複の拒否: no two rows of one key overlap in both times (needs btree_gist).

    ``numbers`` names the key fields that hold digits only (宛名番号, 世帯番号): the index compares them as numbers,
    which checks a row three times as fast as text does. Look a person up by a btree index of the field itself.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((_as_number(field) if field in numbers else field, RangeOperators.EQUAL) for field in key_fields),
            ("valid_period", RangeOperators.OVERLAPS),
            ("recorded_period", RangeOperators.OVERLAPS),
        ],
    )


def _as_number(field: str) -> Cast:
    return Cast(field, output_field=models.BigIntegerField())


def recorded_from(at: datetime | None = None) -> DateTimeTZRange | Any:
    """記録期間の始まり: an open recorded period that begins at `at` (default: the transaction's own time)."""
    if at is not None:
        return DateTimeTZRange(at, None, "[)")
    return models.Func(Now(), models.Value(None), function="tstzrange", output_field=DateTimeRangeField())
