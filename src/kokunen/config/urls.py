"""URL の割り当て: every subsystem's screens under its own path."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_SCREENS = (
    ("", "kokunen.common_platform.portal.web.urls"),
    ("access-history/", "kokunen.common_platform.access_history.web.urls"),
    ("safeguards/", "kokunen.common_platform.safeguards.web.urls"),
    ("operations/", "kokunen.common_platform.operations_desk.web.urls"),
    ("oauth/", "kokunen.common_platform.open_api.web.urls"),
    ("app_submit/v10/", "kokunen.nonresident_registry.web.api_urls"),
    ("app_submit/v10/", "kokunen.common_platform.open_api.web.dataset_urls"),
    ("nonresidents/", "kokunen.nonresident_registry.web.urls"),
    ("data/", "kokunen.common_platform.data_desk.web.urls"),
    ("unified/", "kokunen.unified_atena.web.urls"),
    ("assessment/", "kokunen.common_platform.assessment_desk.web.urls"),
    ("residents/", "kokunen.resident_registry.web.urls"),
    ("pension/", "kokunen.national_pension.web.urls"),
    ("tax/", "kokunen.resident_tax.web.urls"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module))
    for prefix, module in _SCREENS
    if find_spec(module.rsplit(".", 1)[0]) and find_spec(module)
]
