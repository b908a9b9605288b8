"""公開データのAPI (S3-1): a system outside reads what the assessment declares for its work, and nothing else."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from tests.nonresident_registry.factories import publish_resident

from kokunen.common_platform.open_api.services import register_client

pytestmark = [pytest.mark.function("S3-1"), pytest.mark.usefixtures("city_database")]

FIRST, SECOND = "000000000000078", "000000000000086"
PATH = "/app_submit/v10/resident"
READ = "001:app_submit/v10/resident:Read"


def token(scopes: list[str], work: str = "015", *, ask: str = "") -> str:
    number, secret = register_client(name="外部のシステム", work_id=work, office_code="1020", scopes=scopes)
    packed = base64.b64encode(f"{number}:{secret}".encode()).decode()
    answer = Client().post(
        "/oauth/token",
        {"grant_type": "client_credentials", "scope": ask or scopes[0]},
        headers={"Authorization": f"Basic {packed}"},
    )
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


def read(bearer: str, path: str = PATH, **query: Any) -> Any:
    return Client().get(path, query, headers={"Authorization": f"Bearer {bearer}"})


@pytest.mark.control("CTL-014")
def test_宣言された項目だけを一頁ずつ_差分もたどれ_台帳に残る(admin_connection: Any) -> None:
    from kokunen.common_platform.integration.reading import find_view

    publish_resident(FIRST)
    publish_resident(SECOND)
    bearer = token([READ])
    page = read(bearer, shutokukensu="1")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "application/json;charset=UTF-8")
    body = page.json()
    assert body["metadata"] == {"title": "公開データの取得", "detail": "取得が完了しました。"}
    view = find_view("national_pension", "resident")
    assert view is not None
    assert set(body["result"][0]) == {"atena_number", *view.columns}
    assert "previous_address" not in body["result"][0] and None not in body["result"][0].values()
    following = {name: value[0] for name, value in parse_qs(urlsplit(body["_links"]["next"]["href"]).query).items()}
    second = read(bearer, **following).json()
    assert [row["atena_number"] for row in (*body["result"], *second["result"])] == [FIRST, SECOND]
    assert read(bearer, shutokukaishiatenabango=SECOND).json()["result"] == []

    publish_resident(SECOND, kind="update", telephone="0480000000")
    changed = read(bearer, saishutsuban=str(body["saishutsuban"])).json()
    assert [row["atena_number"] for row in changed["result"]] == [SECOND]
    entries = admin_connection.execute(
        "select act, purpose, atena_numbers from ledger.entry where dataset = '公開用API 住民' order by entry_id"
    ).fetchall()
    assert [(act, purpose) for act, purpose, _ in entries] == [("export", "system_linkage")] * 4
    assert [numbers for *_, numbers in entries] == [[FIRST], [SECOND], [], [SECOND]]


def test_評価書にない提供_足りないスコープ_誤ったトークンは断る(admin_connection: Any) -> None:
    publish_resident(FIRST)
    assert read("x").json()["detail"] == "アクセストークンが無効です。"
    assert read("x").status_code == 401
    other = token(["001:app_submit/v10/other:Read"], "003")
    assert read(other).status_code == 403
    # 生活保護: a work that the assessment does not let have the register
    welfare = token([READ], "016")
    refused = read(welfare)
    assert (refused.status_code, "result" in refused.json()) == (403, False)
    income = token(["003:app_submit/v10/income:Read"], "031")
    assert read(income, "/app_submit/v10/income").status_code == 403
    assert read(income, "/app_submit/v10/no-such").status_code == 403
    refusals = admin_connection.execute("select count(*) from ledger.entry where act = 'refuse'").fetchone()
    assert refusals == (4,)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"shutokukensu": "0"}, "E0004"),
        ({"shutokukensu": "1001"}, "E0004"),
        ({"shutokukensu": "百"}, "E0002"),
        ({"saishutsuban": "-1"}, "E0002"),
        ({"shutokukaishiatenabango": "000000000000079"}, "E0002"),
    ],
    ids=["0件", "多すぎる", "数字でない", "負の番号", "検査数字の誤り"],
)
def test_パラメータの誤りは標準の形で答える(query: dict[str, str], code: str) -> None:
    answer = read(token([READ]), **query)
    assert answer.status_code == 400
    assert (answer.json()["detail"], [one["code"] for one in answer.json()["errors"]]) == (
        "エラーが発生しました。",
        [code],
    )
