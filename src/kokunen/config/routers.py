"""振り分け: which schema a model lives in. Nothing crosses a subsystem: no relation, no fallback."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from kokunen.config.subsystems import ALIAS_OF_APP


class SubsystemRouter:
    """App label to alias; an app that is in no subsystem has no tables anywhere."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Alias of the schema that holds this model."""
        return ALIAS_OF_APP.get(model._meta.app_label)

    db_for_write = db_for_read

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        """Relations stay inside one schema (architecture: no foreign key crosses a subsystem)."""
        return self.db_for_read(type(obj1)) == self.db_for_read(type(obj2))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A table is made in its own schema only."""
        return ALIAS_OF_APP.get(app_label) == db
