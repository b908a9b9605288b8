"""画面の入口: who may open a page. Every route of this program is declared here; a test walks through them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kokunen.ledger.access import AccessContext
from kokunen.pension_records.choices import OperatorKind
from kokunen.pension_records.services.entries import ACCESS, context_of, refuse
from kokunen.pension_records.web.middleware import TerminalState

View = TypeVar("View", bound=Callable[..., HttpResponse])


def terminal_page(
    *, kind: OperatorKind | None = None, public: bool = False, polling: bool = False
) -> Callable[[View], View]:
    """画面の宣言: `kind` None = every signed-in operator; `public` = no session; `polling` = does not count as work."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            state: TerminalState = request.state  # type: ignore[attr-defined]
            if public:
                return view(request, *args, **kwargs)
            if state.session is None:
                from kokunen.pension_records.web.views.sign_in import sign_in_page

                return sign_in_page(request, status=401)
            if kind is not None and state.session.operator.kind != kind:
                refuse(context_of(state.operator, state.terminal, screen=view.__name__), ACCESS, "kind")
                words = {"title": "この画面は開けません", "words": f"この画面は{kind.label}だけが使います。"}
                return render(request, "pension_records/problem.html", words, status=403)
            return view(request, *args, **kwargs)

        guarded.polling = polling  # type: ignore[attr-defined]
        guarded.public = public  # type: ignore[attr-defined]
        guarded.declared = True  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def context_for(request: HttpRequest, screen: str) -> AccessContext:
    """閲覧の文脈 of the one who is signed in."""
    state: TerminalState = request.state  # type: ignore[attr-defined]
    return context_of(state.operator, state.terminal, screen=screen)
