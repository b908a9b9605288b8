"""報告と媒体台帳: the number of the medium in the 媒体台帳, and the trigger that looks there before a hand-over."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql" / "0009_report_in_register.sql"
_BEFORE = "update national_pension.report_batch set medium_number = '登録前' where state not in ('built', 'discarded')"


class Migration(migrations.Migration):
    dependencies = [
        ("national_pension", "0008_continuation_welfare_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="reportbatch",
            name="medium_number",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="媒体台帳の登録番号"),
        ),
        migrations.RunSQL(_BEFORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="reportbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["built", "discarded"]),
                    models.Q(("medium_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="report_handed_over_in_register",
            ),
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
