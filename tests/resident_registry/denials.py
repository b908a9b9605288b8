"""権限の試験の型: who may not, what is stored (nothing), and what the ledger shows of it and of the act itself."""

from __future__ import annotations

from typing import Any

from tests.resident_registry.desks import Desk, Entries

from kokunen.resident_registry.models import ResidentEvent

#: 住民記録の役割のない職員: 国民年金課, 市民税課, システム管理.
STRANGERS = ("nenkin1", "zei1", "kanri1")


def refused_to_strangers(
    sign_in: Desk, ledger: Entries, path: str, typed: dict[str, Any], *also: str, strangers: tuple[str, ...] = STRANGERS
) -> None:
    """開けず送れない: neither the screen nor its trial nor the act, nothing stored, each refusal in the ledger."""
    for number in (*strangers, *also):
        sign_in(number)  # its own first page is refused too
    events, refusals = ResidentEvent.objects.count(), len(ledger("refuse"))
    for number in (*strangers, *also):
        client = sign_in(number)
        answers = (client.get(path), client.post(path, typed), client.post(f"{path}/preview", typed))
        assert [answer.status_code for answer in answers] == [403, 403, 403], (number, path)
    assert ResidentEvent.objects.count() == events
    found = ledger("refuse")[refusals:]
    assert [entry["staff"] for entry in found] == [n for n in (*strangers, *also) for _ in range(3)]


def registered(sign_in: Desk, ledger: Entries, number: str, path: str, typed: dict[str, Any]) -> dict[str, Any]:
    """登録した: by that officer; gives the ledger's entry of the act. Alerts that are asked about are confirmed."""
    import re

    answer = sign_in(number).post(path, typed)
    if answer.status_code == 422:
        acks = re.findall(r'name="ack" value="([^"]+)"', answer.content.decode())
        assert acks, re.findall(r'id="id_\w+_error"><li>[^<]*', answer.content.decode())
        answer = sign_in(number).post(path, {**typed, "ack": acks})
    assert answer.status_code == 302, path
    event_id = ResidentEvent.objects.latest("id").pk
    acts = [one for act in ("register", "correct", "cancel") for one in ledger(act)]
    (entry,) = (one for one in acts if one["dataset"] == "住民票" and one["detail"].get("event_id") == event_id)
    assert entry["staff"] == number
    return entry
