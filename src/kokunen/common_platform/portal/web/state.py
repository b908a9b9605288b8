"""サインインの状態: what the middleware knows of the person at the screen, once a request."""

from __future__ import annotations

from dataclasses import dataclass, field

from kokunen.assessment.queries import policy_of_the_moment
from kokunen.common_platform.portal.choices import EndReason, purposes_of
from kokunen.common_platform.portal.models import Posting, Staff, StaffSession
from kokunen.common_platform.portal.permissions import permissions_of_roles
from kokunen.ledger.purposes import PURPOSES


@dataclass(slots=True)
class PortalState:
    """`staff`, `posting`, `session` are None before sign-in; `ended` says why a session that was shown is over."""

    terminal: str
    staff: Staff | None = None
    session: StaffSession | None = None
    postings: list[Posting] = field(default_factory=list)
    posting: Posting | None = None
    ended: EndReason | None = None
    must_register_passkey: bool = False

    @property
    def permissions(self) -> frozenset[str]:
        """Codes of what the posting of this session allows."""
        return permissions_of_roles(self.posting.roles) if self.posting else frozenset()

    @property
    def purposes(self) -> tuple[str, ...]:
        """Purposes that the posting of this session may state and the assessment in force declares (II.3)."""
        if self.posting is None:
            return ()
        policy = policy_of_the_moment()
        return tuple(purpose for purpose in purposes_of(self.posting.roles) if policy.allows_purpose(purpose))

    @property
    def roles(self) -> frozenset[str]:
        """Roles of the posting of this session."""
        return frozenset(self.posting.roles) if self.posting else frozenset()

    @property
    def office_name(self) -> str:
        """Name of the office the officer works for now."""
        return self.posting.office.name if self.posting else ""

    def may(self, permission: str) -> bool:
        """Does the posting allow it?"""
        return permission in self.permissions


def purpose_choices(portal: PortalState) -> list[tuple[str, str]]:
    """Purposes to choose from, with their words."""
    return [(code, PURPOSES[code]) for code in portal.purposes]


_OF_SECTION = {"national_pension": "pension_", "resident_registry": "resident_", "resident_tax": "tax_"}


def usual_purpose(portal: PortalState, last: str | None, screen: str) -> str:
    """いつもの利用目的: what the search box proposes: the one used last in this sign-in, else the first one of the
    section whose screen is open, else the first one of the officer's roles; "" when the roles have none.

    It is proposed, seen and may be changed; the look itself states it (`web.access`).
    """
    if last in portal.purposes:
        return str(last)
    prefix = _OF_SECTION.get(screen.partition(".")[0], "")
    of_section = (one for one in portal.purposes if prefix and one.startswith(prefix))
    return next(of_section, portal.purposes[0] if portal.purposes else "")
