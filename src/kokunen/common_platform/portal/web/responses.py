"""答えの形: files shown or handed out by the system."""

from __future__ import annotations

from django.http import HttpResponse


def pdf(content: bytes, filename: str) -> HttpResponse:
    """印刷の見本: a PDF that a page of this system may show in a frame; it is not kept by the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def csv(content: str, filename: str) -> HttpResponse:
    """CSV 出力: UTF-8 with a mark at its head, as spreadsheet programs expect it."""
    response = HttpResponse("\ufeff" + content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
