"""待ち行列の依頼"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.operations.choices import RunState


class QueuedCall(models.Model):
    """依頼: a function to be called once by a worker. What it writes in the platform's schema and the word that it is
    done are one transaction: a worker killed at any moment has done it wholly or not at all.
    """

    function = models.CharField("関数", max_length=160)
    arguments = models.JSONField("引数", default=dict)
    state = models.CharField("状態", max_length=12, choices=RunState.choices, default=RunState.WAITING)
    requested_by = models.CharField("依頼した者", max_length=40)
    requested_at = models.DateTimeField("依頼した時刻", auto_now_add=True)
    ended_at = models.DateTimeField("終了", null=True, blank=True)
    message = models.CharField("結果", max_length=300, blank=True, default="")

    class Meta:
        db_table = "queued_call"
        verbose_name = "待ち行列の依頼"
        verbose_name_plural = "待ち行列の依頼"
        indexes = [
            models.Index(fields=["requested_at"], condition=models.Q(state="waiting"), name="queued_call_waiting"),
        ]
