"""定まった照会: a read that is always the same but for its values, written as SQL once a process.

Building a queryset and its SQL costs a screen more time than the database needs to answer it. A screen that is opened
all day asks through here: the queryset says what is read, in the manner of every other read, and only its values
change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models, router

Row = TypeVar("Row", bound=models.Model)


class Prepared(Generic[Row]):
    """照会の型: `build(value)` gives the queryset of one text value, e.g. a 宛名番号 (no `select_related`).

    ::

        _NUMBERS = Prepared(lambda atena: PensionNumber.objects.current().filter(atena_number=atena))
        rows = _NUMBERS("000010000061232")
    """

    def __init__(self, build: Callable[[str], models.QuerySet[Row]], sample: str) -> None:
        self._build, self._sample = build, sample
        self._made: tuple[type[Row], str, tuple[Any, ...]] | None = None

    def __call__(self, value: str) -> list[Row]:
        """The rows for this value, in the queryset's order."""
        if self._made is None:
            rows = self._build(self._sample)
            sql, params = rows.query.sql_with_params()
            if self._sample not in params or rows.query.select_related:
                raise ValueError("the queryset cannot be prepared: its value is not in it, or it joins rows")
            self._made = rows.model, sql, params
        model, sql, params = self._made
        given = [value if one == self._sample else one for one in params]
        return list(model._default_manager.using(router.db_for_read(model)).raw(sql, given))
