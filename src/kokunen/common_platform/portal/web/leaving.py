"""出力の関門: every file that a screen hands out passes here, whoever made it (CTL-060).

The number of people is what the access ledger was told in this very request (prints and exports). A file from a screen
with personal data that told it nothing does not leave at all; one with people asks the gateway that the safeguards have
set up (a household's paper counts over the day, a list over the week), and there is no other way out: `page` calls this
for every route.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from kokunen.ledger.recording import Taken

_PAGES = ("text/html", "application/json", "text/plain", "text/event-stream")


@dataclass(frozen=True, slots=True)
class Leaving:
    """出るもの: name of the list, people (0: as the ledger was told), conditions (their fingerprint binds an approval),
    for a part of a run, the people of the whole run and the part's name, and whether it is a household's paper."""

    dataset: str
    people: int
    query: Mapping[str, Any] = field(default_factory=dict)
    whole: int = 0
    part: str = ""
    is_paper: bool = False


class Gateway(Protocol):
    """関門の番: None lets it out; a response (403 with the form of the request) stands in its place."""

    def few(self) -> int:
        """Up to so many people are no list."""

    def ask(self, request: HttpRequest, leaving: Leaving) -> HttpResponse | None:
        """May it leave?"""


_gateway: Gateway | None = None


def set_gateway(gateway: Gateway) -> None:
    """The one gateway; the safeguards set it when the program starts."""
    global _gateway
    _gateway = gateway


def is_file(response: HttpResponse) -> bool:
    """Does this answer hand out a file (and not a page)?"""
    kind = str(response.headers.get("Content-Type", "")).partition(";")[0].strip()
    return response.status_code == 200 and ("Content-Disposition" in response.headers or kind not in _PAGES)


def let_out(request: HttpRequest, response: HttpResponse, taken: Taken, *, personal: bool) -> HttpResponse:
    """出してよいか: the response, or the refusal in its place. A view that has asked already says so by `declare`."""
    if not is_file(response) or getattr(request, "kokunen_left", False):
        return response
    if personal and not taken.entries:
        raise ImproperlyConfigured("個人情報の画面が、閲覧記録に出力・印刷の記載がないファイルを渡そうとしました")
    if _gateway is None:
        raise ImproperlyConfigured("出力の関門がありません")
    leaving: Leaving | None = getattr(request, "kokunen_leaving", None)
    if leaving is None:
        leaving = Leaving(taken.dataset, taken.people, {"path": request.path, **conditions_of(request)})
    leaving = replace(leaving, people=max(leaving.people, taken.people))
    if leaving.people == 0:
        return response
    leaving = replace(leaving, is_paper=max(leaving.people, leaving.whole) <= _gateway.few())
    return _gateway.ask(request, leaving) or response


def declare(request: HttpRequest, leaving: Leaving) -> None:
    """出るものを告げる: a part of a run says of which; the gateway asks for the run as a whole."""
    request.kokunen_leaving = leaving  # type: ignore[attr-defined]


def conditions_of(request: HttpRequest) -> dict[str, str]:
    """条件: what was asked for, without the approval itself."""
    asked = request.POST if request.method == "POST" else request.GET
    return {name: value for name, value in asked.dict().items() if name not in OWN}


OWN = ("approval", "code", "purpose", "csrfmiddlewaretoken")
