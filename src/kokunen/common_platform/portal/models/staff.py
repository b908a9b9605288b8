"""職員"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import BaseUserManager
from django.db import models

from kokunen.common_platform.portal.choices import StaffCategory


class StaffManager(BaseUserManager["Staff"]):
    """職員を番号で引く."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The member of staff with that number."""
        return self.get(number=username)


class Staff(AbstractBaseUser):
    """職員: one person, one account (CTL-051). The number is never given a second time, also after leaving."""

    number = models.CharField("職員番号", max_length=20, unique=True)
    name = models.CharField("氏名", max_length=60)
    kana = models.CharField("氏名カナ", max_length=120)
    category = models.CharField(
        "職員区分", max_length=12, choices=StaffCategory.choices, default=StaffCategory.OFFICIAL
    )
    is_active = models.BooleanField("利用できる", default=True)
    stopped_at = models.DateTimeField("利用を停止した日時", null=True, blank=True)
    stopped_reason = models.CharField("停止の理由", max_length=200, blank=True, default="")
    must_change_password = models.BooleanField("次のサインインで変更が必要", default=True)
    password_changed_at = models.DateTimeField("パスワードを変更した日時", null=True, blank=True)
    previous_sign_in_at = models.DateTimeField("前回のサインイン", null=True, blank=True)
    registered_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "number"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "kana"]

    class Meta:
        verbose_name = "職員"
        verbose_name_plural = "職員"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class FormerPassword(models.Model):
    """以前のパスワード: hashes only, so that a change is a change."""

    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField("パスワードのハッシュ", max_length=128)
    replaced_at = models.DateTimeField("変更日時", auto_now_add=True)

    class Meta:
        verbose_name = "以前のパスワード"
        verbose_name_plural = "以前のパスワード"
        ordering = ["-replaced_at"]
