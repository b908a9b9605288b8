"""仮想の機器: Chromium's own authenticator, ordered by the DevTools protocol; the person is verified, or is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page


@dataclass(slots=True)
class VirtualAuthenticator:
    """A platform authenticator with user verification in the browser of a page."""

    session: CDPSession
    number: str

    @classmethod
    def of(cls, page: Page, *credentials: dict[str, Any]) -> VirtualAuthenticator:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        number = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        found = cls(session, number)
        for credential in credentials:
            session.send("WebAuthn.addCredential", {"authenticatorId": number, "credential": credential})
        return found

    def verifies(self, yes: bool) -> None:
        """Does the person pass the check of the device?"""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.number, "isUserVerified": yes})
