"""断りの画面"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """よその画面からの送信の拒否."""
    words = {"title": "受け付けられません", "words": "画面の有効な時間が過ぎました。画面を開き直してください。"}
    return render(request, "pension_records/problem.html", words, status=403)
