"""パスキー"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.passkeys.models import AbstractChallenge, AbstractPasskey
from kokunen.common_platform.portal.models.staff import Staff


class Passkey(AbstractPasskey):
    """パスキー: a second factor of one member of staff; several devices are several rows."""

    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.CASCADE, related_name="passkeys")

    class Meta:
        verbose_name = "パスキー"
        verbose_name_plural = "パスキー"
        ordering = ["registered_at"]


class PasskeyChallenge(AbstractChallenge):
    """パスキーへの問いかけ: between password and assertion, or while a new device is registered."""

    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.CASCADE, related_name="+")
    label = models.CharField("登録する名前", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "パスキーへの問いかけ"
        verbose_name_plural = "パスキーへの問いかけ"
