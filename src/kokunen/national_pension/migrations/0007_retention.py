"""保存の規則: the token of whoever was deleted, and the deletion that looks at its approval itself."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql" / "0007_retention.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("national_pension", "0006_exemptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForgottenPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=64, unique=True, verbose_name="消した人の印")),
                ("forgotten_on", models.DateField(verbose_name="削除した日")),
            ],
            options={
                "verbose_name": "消した人の印",
                "verbose_name_plural": "消した人の印",
                "db_table": "forgotten_person",
            },
        ),
        migrations.RunSQL(_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
