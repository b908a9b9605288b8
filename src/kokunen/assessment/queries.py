"""評価書の照会: versions, and the one in force on a day."""

from __future__ import annotations

import time
from datetime import date
from functools import lru_cache

from django.db import connections
from django.db.models import QuerySet

from kokunen.assessment.changes import Change, diff
from kokunen.assessment.document import PUBLISHED_EDITION, Document, load_document
from kokunen.assessment.flows import Policy, compile_policy, load_policy
from kokunen.assessment.models import AssessmentVersion, VersionState
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError

_HOLD_SECONDS = 60.0
_held: dict[tuple[str, date], tuple[float, Policy]] = {}


def find_versions() -> list[AssessmentVersion]:
    """Versions made in the system, newest first (the first published one is data of the program)."""
    return list(AssessmentVersion.objects.defer("leaves"))


def get_version(edition: str) -> AssessmentVersion:
    """The version of that name. Raises InputError."""
    found = AssessmentVersion.objects.filter(edition=edition).first()
    if found is None:
        raise InputError(f"評価書の版「{edition}」はありません", field="edition")
    return found


def version_in_force(on: date | None = None) -> AssessmentVersion | None:
    """The published version whose effective date has come; None while the first one holds."""
    return _published(on).first()


def find_published() -> list[AssessmentVersion]:
    """公表した版 made in the system, newest first."""
    return list(
        AssessmentVersion.objects.defer("leaves").filter(state=VersionState.PUBLISHED).order_by("-effective_on")
    )


def _published(on: date | None) -> QuerySet[AssessmentVersion]:
    day = on or clock.today()
    published = AssessmentVersion.objects.filter(state=VersionState.PUBLISHED, effective_on__lte=day)
    return published.order_by("-effective_on", "-id")


def document_in_force(on: date | None = None) -> Document:
    """What the city's published assessment says on that day (default: today)."""
    version = version_in_force(on)
    return Document.from_list(version.edition, version.leaves) if version else load_document()


def policy_in_force(on: date | None = None) -> Policy:
    """What may be done on that day (default: today)."""
    version = _published(on).values_list("pk", "published_on").first()
    return _compiled(_place(), *version) if version else load_policy()


@lru_cache(maxsize=4)
def _compiled(place: str, pk: int, published_on: date) -> Policy:
    """A published version never changes, so its policy is compiled once a process (and database)."""
    version = AssessmentVersion.objects.get(pk=pk)
    return compile_policy(Document.from_list(version.edition, version.leaves))


def policy_of_the_moment() -> Policy:
    """方針 for questions asked at every request: asked of the database once a minute."""
    moment, key = time.monotonic(), (_place(), clock.today())
    held = _held.get(key)
    if held is None or moment - held[0] > _HOLD_SECONDS:
        _held.clear()
        _held[key] = held = (moment, policy_in_force())
    return held[1]


def forget_policy() -> None:
    """Ask the database again at the next request (a version was published just now)."""
    _held.clear()


def _place() -> str:
    return str(connections["assessment"].settings_dict["NAME"])


def get_document(edition: str) -> Document:
    """A version by name: of the program's data or made in the system. Raises InputError."""
    if edition in (PUBLISHED_EDITION, "next-draft"):
        return load_document(edition)
    version = get_version(edition)
    return Document.from_list(version.edition, version.leaves)


def find_changes(version: AssessmentVersion) -> list[Change]:
    """Rows of 別添2 of that version against the one it was made from."""
    return diff(get_document(version.base), Document.from_list(version.edition, version.leaves))
