"""宛名ラベル: for residents, not for the protected; sheet in the outbox, names in the ledger."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.resident_registry.factories import kawaguchi_family


@pytest.mark.function("S3-4")
def test_住民の宛名ラベルができ_いない人は理由が出る(
    sign_in: Callable[..., Client], admin_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pypdf import PdfReader

    from kokunen.common_platform.portal.models import OutboxFile

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    people = kawaguchi_family()
    client = sign_in("shimin1")
    text = "\n".join([*people.values(), "000009000000016"])
    answer = client.post("/labels", {"numbers": text, "book": "resident_registry"}).content.decode()
    assert "000009000000016: 見つかりません" in answer
    file = OutboxFile.objects.get()
    content = client.post(f"/my/outbox/{file.pk}").content
    shown = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    assert "〒332-0031" in shown and "川口太郎様" in shown and file.people == 5
    row = admin_connection.execute(
        "select act, subject_count, purpose from ledger.entry where dataset = '宛名ラベル'"
    ).fetchone()
    assert row == ("print", 5, "resident_notice")
    assert client.post("/labels", {"numbers": "123", "book": "resident_registry"}).status_code == 422
    assert sign_in("kansa1").get("/labels").status_code == 403
