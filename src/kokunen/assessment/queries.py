"""評価書の照会: versions, and the one in force on a day."""

from __future__ import annotations

from datetime import date

from kokunen.assessment.changes import Change, diff
from kokunen.assessment.document import PUBLISHED_EDITION, Document, load_document
from kokunen.assessment.flows import Policy, compile_policy, load_policy
from kokunen.assessment.models import AssessmentVersion, VersionState
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError


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
    day = on or clock.today()
    published = AssessmentVersion.objects.filter(state=VersionState.PUBLISHED, effective_on__lte=day)
    return published.order_by("-effective_on", "-id").first()


def document_in_force(on: date | None = None) -> Document:
    """What the city's published assessment says on that day (default: today)."""
    version = version_in_force(on)
    return Document.from_list(version.edition, version.leaves) if version else load_document()


def policy_in_force(on: date | None = None) -> Policy:
    """What may be done on that day (default: today)."""
    version = version_in_force(on)
    return compile_policy(Document.from_list(version.edition, version.leaves)) if version else load_policy()


def get_document(edition: str) -> Document:
    """A version by name: of the program's data or made in the system. Raises InputError."""
    if edition in (PUBLISHED_EDITION, "next-draft"):
        return load_document(edition)
    version = get_version(edition)
    return Document.from_list(version.edition, version.leaves)


def find_changes(version: AssessmentVersion) -> list[Change]:
    """Rows of 別添2 of that version against the one it was made from."""
    return diff(get_document(version.base), Document.from_list(version.edition, version.leaves))
