"""閲覧記録のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.access_history.web import views

app_name = "access_history"

urlpatterns = [
    path("", views.search, name="search"),
    path("<str:atena_number>/disclosure", views.disclosure, name="disclosure"),
    path("<str:atena_number>", views.person, name="person"),
]
