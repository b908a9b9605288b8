"""どの画面にも渡す値: who is signed in, what day it is, how long until the screen is covered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.manuals import chapter_of
from kokunen.common_platform.portal.web.state import PortalState, purpose_choices, usual_purpose
from kokunen.config import environment
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.purposes import PURPOSES


def portal(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    state: PortalState | None = getattr(request, "portal", None)
    access = getattr(request, "kokunen_page", None)
    purpose = request.session.get("purpose") if state and state.staff else None
    return {
        "portal": state,
        "screen": access.screen if access else "",
        "personal": bool(access and access.personal),
        "today_ja": format_wareki(clock.today(), weekday=True),
        "purpose_of_the_day": purpose,
        "purpose_of_the_day_ja": PURPOSES.get(purpose or "", ""),
        "usual_purpose": usual_purpose(state, purpose, access.screen if access else "")
        if state and state.staff
        else "",
        "purpose_choices": purpose_choices(state) if state and state.staff else [],
        "text_size": request.session.get("text_size", "normal") if state and state.staff else "normal",
        "manual": chapter_of(access.screen) if access else "",
        "idle_seconds": settings.PORTAL_IDLE_SECONDS,
        "blank_seconds": settings.PORTAL_BLANK_SECONDS,
        "passkey_host": environment.passkey_host(),
        "is_demo": environment.is_demo(),
    }
