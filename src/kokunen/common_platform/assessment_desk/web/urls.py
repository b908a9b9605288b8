"""評価書のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.assessment_desk.web import views

app_name = "assessment_desk"

urlpatterns = [
    path("", views.assessment, name="assessment"),
    path("file-register", views.file_register, name="file_register"),
    path("desk", views.desk, name="desk"),
    path("desk/form.pdf", views.form_with_figures, name="form_with_figures"),
    path("desk/controls", views.controls, name="controls"),
    path("versions/new", views.draft, name="draft"),
    path("versions/<str:edition>", views.version, name="version"),
    path("versions/<str:edition>/decide", views.decide, name="decide"),
    path("versions/<str:edition>/approve", views.approve, name="approve"),
    path("versions/<str:edition>/publish", views.publish, name="publish"),
]
