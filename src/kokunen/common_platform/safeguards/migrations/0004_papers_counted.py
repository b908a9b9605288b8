"""今日の書類の人数: one row an officer and day, counted and checked by one statement; it may not be taken down."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql" / "0004_papers_counted.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("safeguards", "0003_papers_of_the_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="PapersOfDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("staff_number", models.CharField(max_length=40, verbose_name="職員番号")),
                ("day", models.DateField(verbose_name="日")),
                ("people", models.PositiveIntegerField(verbose_name="人数")),
            ],
            options={
                "verbose_name": "今日の書類の人数",
                "verbose_name_plural": "今日の書類の人数",
                "db_table": "bulk_papers_of_day",
                "constraints": [
                    models.UniqueConstraint(fields=("staff_number", "day"), name="bulk_papers_of_day_once")
                ],
            },
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
