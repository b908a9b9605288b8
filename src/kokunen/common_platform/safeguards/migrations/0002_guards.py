"""保護措置の台帳: nothing is changed or removed; a second signature is another person's, says the database."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql" / "0002_guards.sql"


class Migration(migrations.Migration):
    dependencies = [("safeguards", "0001_registers")]

    operations = [migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
