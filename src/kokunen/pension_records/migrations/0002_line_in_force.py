"""効力のある評価書の一項目: whether the assessment in force names the 年金事務所's controller, and nothing else of it."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql" / "0002_line_in_force.sql"


class Migration(migrations.Migration):
    dependencies = [("pension_records", "0001_operators_sessions_inquiries")]

    operations = [migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
