"""コード辞書: the first editions, and the rule that a code in use cannot go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import migrations

from kokunen.common_platform.codes import first_editions

_SQL = Path(__file__).resolve().parent.parent / "sql" / "guard_codes.sql"


def load(apps: Any, schema_editor: Any) -> None:
    first_editions.load(apps.get_model("codes", "CodeEdition"), apps.get_model("codes", "CodeEntry"))


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_initial")]

    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
