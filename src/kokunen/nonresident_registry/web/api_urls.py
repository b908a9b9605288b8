"""住登外管理のAPIのアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.nonresident_registry.web.api import assign_number

app_name = "nonresident_api"

urlpatterns = [path("jutogaishaatenabangofuban", assign_number, name="jutogaishaatenabangofuban")]
