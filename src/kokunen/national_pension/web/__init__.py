"""国民年金の画面: forms, views, addresses, templates. No query and no rule stands here."""

from __future__ import annotations
