"""出力の実績: papers of households count too, by the day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("safeguards", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="output",
            name="is_paper",
            field=models.BooleanField(default=False, verbose_name="世帯の書類"),
        ),
    ]
