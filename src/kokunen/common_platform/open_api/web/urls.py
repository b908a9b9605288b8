"""公開用APIのアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.open_api.web import views

app_name = "open_api"

urlpatterns = [path("token", views.token, name="token")]
