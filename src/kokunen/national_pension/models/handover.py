"""市民課への移転 (II.5 移転先1): what was last handed over for the 行政欄 of the 住民票."""

from __future__ import annotations

from django.db import models


class QualificationHandOver(models.Model):
    """資格情報の移転: fingerprint of the last row handed over, so that each night only what changed goes again."""

    atena_number = models.CharField("宛名番号", max_length=15, primary_key=True)
    fingerprint = models.CharField("内容の要約値", max_length=64)
    handed_on = models.DateField("移転日")

    class Meta:
        db_table = "qualification_hand_over"
        verbose_name = "資格情報の移転"

    def __str__(self) -> str:
        return f"{self.atena_number} {self.handed_on}"
