"""稼働の確認"""

from __future__ import annotations

from django.db import Error, connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from kokunen.pension_records.choices import ALIAS
from kokunen.pension_records.web.access import terminal_page


@terminal_page(public=True, polling=True)
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with {"ready": true} when the database answers, else 503."""
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return JsonResponse({"ready": False}, status=503)
    return JsonResponse({"ready": True})
