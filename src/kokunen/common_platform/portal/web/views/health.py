"""稼働の確認"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from kokunen.common_platform.operations.health import is_ready
from kokunen.common_platform.portal.web.access import page


@page(public=True)
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with {"ready": true} when every process is up, else 503; no sign-in, no personal data."""
    ready = bool(is_ready())
    return JsonResponse({"ready": ready}, status=200 if ready else 503)
