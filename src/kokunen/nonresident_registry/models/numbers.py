"""番号紐付情報: which 個人番号 or 法人番号 belongs to which 宛名番号 (番号法9条, 12条)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import AppendOnlyModel, BitemporalModel, bitemporal_constraint
from kokunen.nonresident_registry.choices import CheckMeans, CheckResult, NumberKind, NumberSource

_IN_FORCE = Q(recorded_period__endswith__isnull=True, valid_period__endswith__isnull=True)


class NumberBinding(BitemporalModel):
    """番号紐付: the number itself stands encrypted in `cipher`; `number_index` finds it, `number_token` stands for it.

    One number a 宛名番号 at a time. A number stands under a second 宛名番号 only when an officer has said that both are
    one person (`twice`), until they are merged.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    number_kind = models.CharField("番号の種類", max_length=1, choices=NumberKind.choices)
    cipher = models.BinaryField("暗号化された番号")
    key_version = models.PositiveSmallIntegerField("鍵の版", default=1)
    number_index = models.CharField("照合用の索引", max_length=32)
    number_token = models.CharField("連携用の符号", max_length=32)
    source = models.CharField("入手元", max_length=1, choices=NumberSource.choices)
    verification = models.CharField(
        "確認区分", max_length=1, choices=CheckResult.choices, default=CheckResult.UNCHECKED
    )
    twice = models.BooleanField("同一人の二重登録として紐付け", default=False)

    class Meta:
        db_table = "number_binding"
        verbose_name = "番号紐付情報"
        verbose_name_plural = "番号紐付情報"
        constraints = [
            bitemporal_constraint("binding_no_overlap", "atena_number", "number_kind", numbers=["atena_number"]),
            models.UniqueConstraint(
                fields=["number_index"], condition=_IN_FORCE & Q(twice=False), name="binding_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["atena_number"], name="binding_history"),
            models.Index(fields=["number_index"], name="binding_index_idx", condition=_IN_FORCE),
        ]


class AuthenticityCheck(AppendOnlyModel):
    """真正性確認: by which means a number was checked, what was compared, and the result."""

    atena_number = models.CharField("宛名番号", max_length=15)
    number_kind = models.CharField("番号の種類", max_length=1, choices=NumberKind.choices)
    number_index = models.CharField("照合用の索引", max_length=32)
    means = models.CharField("確認の手段", max_length=1, choices=CheckMeans.choices)
    result = models.CharField("確認の結果", max_length=1, choices=CheckResult.choices)
    compared = models.JSONField("項目ごとの一致")
    checked_at = models.DateTimeField("確認日時")
    checked_by = models.CharField("確認した職員", max_length=40)
    office_code = models.CharField("部署", max_length=10)
    case_id = models.CharField("受付番号", max_length=40, blank=True, default="")

    class Meta:
        db_table = "authenticity_check"
        verbose_name = "真正性確認"
        verbose_name_plural = "真正性確認"
        indexes = [models.Index(fields=["atena_number", "checked_at"], name="check_atena_idx")]
