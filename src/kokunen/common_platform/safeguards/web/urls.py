"""保護措置の台帳のアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.safeguards.web import special, views

app_name = "safeguards"

urlpatterns = [
    path("", views.registers, name="registers"),
    path("reviews", special.reviews, name="reviews"),
    path("reviews/<str:number>", special.review, name="review"),
    path("deletions/new", special.deletion_new, name="deletion_new"),
    path("deletions/<str:number>/execute", special.deletion_execute, name="deletion_execute"),
    path("facts", special.facts, name="facts"),
    path("outputs/request", special.output_request, name="output_request"),
    path("files/open", special.open_file, name="open_file"),
    path("kinds/<str:kind>", views.register, name="register"),
    path("kinds/<str:kind>/new", views.entry_new, name="entry_new"),
    path("entries/<str:number>", views.entry, name="entry"),
    path("entries/<str:number>/print", views.entry_print, name="entry_print"),
    path("entries/<str:number>/steps/<str:action>", views.step, name="step"),
]
