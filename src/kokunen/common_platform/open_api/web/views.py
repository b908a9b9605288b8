"""トークンの入口: POST /oauth/token (RFC 6749 4.4)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kokunen.common_platform.open_api.services import TokenRefused, issue_token
from kokunen.common_platform.open_api.web.access import json_answer
from kokunen.common_platform.portal.web.access import page


@csrf_exempt
@page(public=True)
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """アクセストークンの発行."""
    form = {key: str(value) for key, value in request.POST.items()}
    try:
        issued, seconds, scopes = issue_token(form, request.headers.get("Authorization", ""))
    except TokenRefused as refused:
        status = 401 if refused.code == "invalid_client" else 400
        return json_answer({"error": refused.code, "error_description": refused.message}, status)
    return json_answer(
        {"access_token": issued, "token_type": "Bearer", "expires_in": seconds, "scope": " ".join(sorted(scopes))}
    )
