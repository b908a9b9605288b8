"""団体内統合宛名のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.unified_atena.web import sending_views as sending
from kokunen.unified_atena.web import views

app_name = "unified_atena"

urlpatterns = [
    path("", views.inquiry, name="inquiry"),
    path("holds", views.holds, name="holds"),
    path("holds/<int:hold_id>", views.hold, name="hold"),
    path("sending", sending.state, name="sending"),
    path("sending/files/<int:batch_id>", sending.batch, name="batch"),
    path("sending/troubles", sending.troubles, name="troubles"),
    path("sending/troubles/<int:send_item_id>", sending.settle, name="settle"),
    path("sending/characters", sending.characters, name="characters"),
    path("sending/inquiries", sending.inquiries, name="inquiries"),
    path("sending/comparisons", sending.comparisons, name="comparisons"),
    path("<str:atena_number>", views.person, name="person"),
]
