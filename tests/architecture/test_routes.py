"""入口の決まり: every route has a permission, and a purpose where it shows personal data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django
import pytest

django.setup()

from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

from kokunen.common_platform.portal.web.access import PageAccess  # noqa: E402

# Open without sign-in: the form itself, the health of the house, the published assessment.
PUBLIC = {"sign_in", "healthz", "metrics", "assessment", "file_register", "sign_in_passkey"}
# Called by systems: the token endpoint, and APIs whose bearer token is looked at before anything else.
PUBLIC |= {"token", "jutogaishaatenabangofuban", "published_dataset"}
# For every signed-in member of staff: no personal data, nothing to decide.
FOR_ALL_STAFF_PREFIXES = ("portal",)
SUBSYSTEM_PREFIXES = ("resident_registry", "nonresident_registry", "unified_atena", "national_pension", "resident_tax")


def _routes(patterns: list[Any], path: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path + str(pattern.pattern))
        else:
            yield path + str(pattern.pattern), pattern


ROUTES = list(_routes(get_resolver().url_patterns))


def _access(pattern: URLPattern) -> PageAccess:
    access = getattr(pattern.callback, "kokunen_access", None)
    assert isinstance(access, PageAccess), f"{pattern.pattern}: not declared with @page"
    return access


def test_入口が集まっている() -> None:
    assert len(ROUTES) > 20


@pytest.mark.control("CTL-050")
@pytest.mark.parametrize(("path", "pattern"), ROUTES, ids=[path or "/" for path, _ in ROUTES])
def test_入口には権限と目的がある(path: str, pattern: URLPattern) -> None:
    access = _access(pattern)
    if access.public:
        assert (pattern.name or "") in PUBLIC, f"{path} is open to everybody"
        return
    if access.personal:
        assert access.permission and access.purpose, f"{path} shows personal data"
    if access.screen.startswith(SUBSYSTEM_PREFIXES):
        assert access.permission, f"{path} belongs to a subsystem"
