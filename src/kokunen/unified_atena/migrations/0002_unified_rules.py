"""団体内統合宛名の規則: the number range, check digits and the history that stays."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql" / "0002_unified_rules.sql"


class Migration(migrations.Migration):
    dependencies = [("unified_atena", "0001_initial")]

    operations = [migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
