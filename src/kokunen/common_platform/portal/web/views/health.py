"""稼働の確認: the health page and the figures for Prometheus."""

from __future__ import annotations

import hmac

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from kokunen.common_platform.operations.exposition import CONTENT_TYPE, as_text
from kokunen.common_platform.operations.health import is_ready
from kokunen.common_platform.operations.monitoring import readings
from kokunen.common_platform.portal.web.access import page


@page(public=True)
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with {"ready": true} when every process is up, else 503; no sign-in, no personal data."""
    ready = bool(is_ready())
    return JsonResponse({"ready": ready}, status=200 if ready else 503)


@page(public=True)
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus: figures in its text format, without personal data; from this machine, or with the token."""
    if not _may_scrape(request):
        return HttpResponse("token required\n", status=401, content_type="text/plain")
    return HttpResponse(as_text(readings()), content_type=CONTENT_TYPE)


def _may_scrape(request: HttpRequest) -> bool:
    """A request that came through a proxy is not from this machine, whatever its address says."""
    if request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers:
        return True
    from kokunen.config import keys

    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(
        token.strip().encode(), keys.secret("metrics.token").encode()
    )
