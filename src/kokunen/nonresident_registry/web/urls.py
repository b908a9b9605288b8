"""住登外管理のアドレス"""

from __future__ import annotations

from django.urls import URLPattern

app_name = "nonresident_registry"

urlpatterns: list[URLPattern] = []
