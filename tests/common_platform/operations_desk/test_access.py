"""運用の画面に入れる人: watching and acting are two rights; Prometheus reads from this machine or with the token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Desk = Callable[[str], Client]
SCREENS = tuple(f"/operations/{part}" for part in ("", "nets/NPD010", "feeds", "resources", "alerts"))


@pytest.mark.function("S3-5")
@pytest.mark.control("CTL-050")
def test_見るのは運用と監査_動かすのは運用担当だけ(desk: Desk, admin_connection: Any) -> None:
    auditor, clerk = desk("kansa1"), desk("nenkin1")
    assert [auditor.get(address).status_code for address in SCREENS] == [200] * 5
    assert [clerk.get(address).status_code for address in SCREENS] == [403] * 5
    assert [Client().get(address).status_code for address in SCREENS] == [401] * 5
    for address, facts in (
        ("/operations/nets/NPD010", {"act": "begin", "business_date": "R8.11.24"}),
        ("/operations/feeds", {"consumer": "x", "dataset": "resident"}),
        ("/operations/alerts", {"alert": "1", "note": "x"}),
    ):
        assert auditor.post(address, facts).status_code == 403
    row = admin_connection.execute(
        "select count(*) from ledger.entry where act = 'refuse' and staff_number = 'kansa1'"
    ).fetchone()
    assert row == (3,)


@pytest.mark.function("S3-5")
def test_Prometheusはこの機械からか合言葉で読める(city_database: str) -> None:
    from kokunen.config import keys

    answer = Client().get("/metrics")
    text = answer.content.decode()
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "kokunen_database_bytes " in text and 'kokunen_queue_jobs{queue="steps"} 0' in text
    assert 'kokunen_feed_backlog{consumer="' in text
    assert Client(REMOTE_ADDR="10.1.0.9").get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"X-Forwarded-For": "10.1.0.9"}).status_code == 401
    token = {"Authorization": f"Bearer {keys.secret('metrics.token')}"}
    assert Client(REMOTE_ADDR="10.1.0.9").get("/metrics", headers=token).status_code == 200
