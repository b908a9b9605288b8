"""住登外管理の規則: sequences, check digits, depth of merging and search indexes that Django cannot express."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql" / "0002_atena_rules.sql"


class Migration(migrations.Migration):
    dependencies = [("nonresident_registry", "0001_initial")]

    operations = [migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
