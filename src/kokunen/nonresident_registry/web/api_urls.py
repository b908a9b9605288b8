"""住登外管理のAPIのアドレス"""

from __future__ import annotations

from django.urls import URLPattern

app_name = "nonresident_api"

urlpatterns: list[URLPattern] = []
