"""共通データのアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.data_desk.web import views

app_name = "data_desk"

urlpatterns = [
    path("", views.dictionaries, name="dictionaries"),
    path("generations", views.generations, name="generations"),
    path("editions/<int:edition_id>", views.edition, name="edition"),
    path("<str:dictionary>", views.dictionary, name="dictionary"),
    path("<str:dictionary>/csv", views.export, name="export"),
    path("<str:dictionary>/new", views.new_edition, name="new_edition"),
    path("<str:dictionary>/codes/<str:entry_code>", views.code, name="code"),
]
