"""回線の試験の道具: outside parties as real processes behind the city's data folder, and the rounds of the lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.counterparts.support import PartyProcess

from kokunen.counterparts.juki_cs.gateway import city_line as juki_line
from kokunen.counterparts.koseki.gateway import city_line as koseki_line
from kokunen.counterparts.moj.gateway import city_line as moj_line
from kokunen.resident_registry.choices import LineParty, SendState
from kokunen.resident_registry.models import LineCondition, OutgoingMessage

OPENERS = {LineParty.JUKI_CS: juki_line, LineParty.MOJ: moj_line, LineParty.KOSEKI: koseki_line}


@dataclass
class Line:
    """One party's process and the city's line to it."""

    party: LineParty
    process: PartyProcess
    carrier: Any

    @classmethod
    def start(cls, party: LineParty, data: Path) -> Line:
        process = PartyProcess(
            ["-m", f"kokunen.counterparts.{party}", "--interval", "600"],
            data / "counterparts" / party,
            {"KOKUNEN_TODAY": "2026-11-24"},
        )
        process.start()
        return cls(party, process, OPENERS[party](lambda: None))

    def send(self) -> Any:
        """A round of sending; a line that rests after a failure is tried at once."""
        from kokunen.resident_registry.services.line_sending import send_waiting

        LineCondition.objects.filter(party=self.party).update(next_try_at=None)
        return send_waiting(self.party, self.carrier)

    def take(self) -> int:
        """A round of receiving, then what is new is applied."""
        from kokunen.resident_registry.services.line_arrivals import apply_new, take_in

        LineCondition.objects.filter(party=self.party).update(next_try_at=None)
        new = take_in(self.party, self.carrier)
        apply_new()
        return new

    def state(self) -> dict[str, Any]:
        return self.process.control.state()

    def accepted(self, kind: str) -> int:
        return int(self.state()["received"].get(kind, {}).get("accepted", 0))

    def waiting(self) -> int:
        return OutgoingMessage.objects.filter(party=self.party, state=SendState.WAITING).count()

    def restart(self) -> None:
        self.process.end()
        self.process.start()

    def close(self) -> None:
        self.carrier.close()
        if self.process.process is not None and self.process.process.poll() is None:
            self.process.kill()
