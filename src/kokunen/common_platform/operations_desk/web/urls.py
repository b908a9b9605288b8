"""運用のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.operations_desk.web import file_views, views, watch_views

app_name = "operations_desk"

urlpatterns = [
    path("", views.nets, name="nets"),
    path("rows", views.net_rows_part, name="net_rows"),
    path("nets/<str:code>", views.net, name="net"),
    path("runs/<int:run_id>", views.run, name="run"),
    path("runs/<int:run_id>/rows", views.run_rows, name="run_rows"),
    path("feeds", watch_views.feeds, name="feeds"),
    path("files", file_views.files, name="files"),
    path("files/<int:file_id>", file_views.file, name="file"),
    path("resources", watch_views.resources, name="resources"),
    path("alerts", watch_views.alerts, name="alerts"),
]
