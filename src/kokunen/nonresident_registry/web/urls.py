"""住登外管理のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.nonresident_registry.web import number_views as number
from kokunen.nonresident_registry.web import views

app_name = "nonresident_registry"

urlpatterns = [
    path("", views.search, name="search"),
    path("new", views.new, name="new"),
    path("numbers", number.inquiry, name="inquiry"),
    path("merging", number.proposals, name="proposals"),
    path("merging/links", number.links, name="links"),
    path("merging/links/<int:link_id>", number.step, name="step"),
    path("merging/<int:proposal_id>", number.proposal, name="proposal"),
    path("<str:atena_number>", views.record, name="record"),
    path("<str:atena_number>/history", views.history, name="history"),
    path("<str:atena_number>/change", views.change, name="change"),
    path("<str:atena_number>/numbers", number.numbers, name="numbers"),
    path("<str:atena_number>/numbers/<str:number_kind>/reveal", number.reveal, name="reveal"),
]
