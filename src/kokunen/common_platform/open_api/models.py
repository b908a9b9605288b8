"""APIの利用者: client systems, their tokens, and the assertions already used."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ApiClient(models.Model):
    """利用システム: 業務ID or 独自施策システム等ID is the unit, never a person. The secret stands sealed."""

    client_id = models.CharField("クライアントID", max_length=32, primary_key=True)
    sealed_secret = models.BinaryField("封をした秘密")
    name = models.CharField("システムの名称", max_length=100)
    work_id = models.CharField("業務ID・独自施策システム等ID", max_length=3)
    office_code = models.CharField("所管の部署", max_length=10)
    scopes = ArrayField(models.CharField(max_length=120), verbose_name="許されたスコープ")
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    stopped_at = models.DateTimeField("停止日時", null=True, blank=True)

    class Meta:
        db_table = "api_client"
        verbose_name = "APIの利用システム"
        verbose_name_plural = "APIの利用システム"


class ApiToken(models.Model):
    """アクセストークン: only its hash is kept."""

    token_hash = models.CharField("トークンのハッシュ", max_length=64, primary_key=True)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, verbose_name="利用システム", related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=120), verbose_name="スコープ")
    issued_at = models.DateTimeField("発行日時", auto_now_add=True)
    expires_at = models.DateTimeField("期限")

    class Meta:
        db_table = "api_token"
        verbose_name = "アクセストークン"
        verbose_name_plural = "アクセストークン"
        indexes = [models.Index(fields=["expires_at"], name="api_token_expiry_idx")]


class UsedAssertion(models.Model):
    """使用済みの証明: a signed assertion serves once (RFC 7523, jti)."""

    jti = models.CharField("証明の番号", max_length=100, primary_key=True)
    expires_at = models.DateTimeField("期限")

    class Meta:
        db_table = "used_assertion"
        verbose_name = "使用済みの証明"
        verbose_name_plural = "使用済みの証明"
