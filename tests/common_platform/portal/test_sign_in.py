"""サインインの試験"""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client


def test_正しい番号とパスワードで業務メニューが開く(sign_in: Callable[..., Client]) -> None:
    home = sign_in("nenkin1").get("/")
    assert home.status_code == 200
    assert "国民年金課" in home.content.decode()
