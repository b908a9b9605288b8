"""住登外者宛名番号付番API: the official exchanges, every documented error, and who may call."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.nonresident_registry.factories import publish_resident

from kokunen.common_platform.open_api.models import ApiClient, ApiToken
from kokunen.common_platform.open_api.services import TokenRefused, register_client
from kokunen.nonresident_registry.models import MergeLink, NumberBinding, RecordUse

pytestmark = pytest.mark.function("S5-1")

PATH = "/app_submit/v10/jutogaishaatenabangofuban"
SCOPE = "031:app_submit/v10/jutogaishaatenabangofuban:Create"
READ = "031:app_submit/v10/jutogaishaatenakihonjohosyokai:Read"
Call = Callable[..., Any]

NEW = {
    "shorikubun": "0", "shikuchosonkodo": "112038", "shimei": "見本　七海", "uji_nihonjin": "見本",
    "na_nihonjin": "七海",
    "shimei_furigana": "ミホン　ナナミ", "seibetsu": "2", "seinengappi": "1991-11-05", "seinengappi_fushofuragu": "0",
    "jusho_shikuchosonkodo": "112241", "jusho_choazakodo": "9999999", "jusho_todofuken": "埼玉県",
    "jusho_shikugunchosonmei": "戸田市", "jusho_choaza": "見本町一丁目", "jusho_banchigohyoki": "２番３号",
    "gyomuid": "000", "dokujishisakushisutemutoid": "000", "nayosemotofuragu": "0", "tagyomusanshofukafuragu": "0",
    "sosashaid": "K00123", "sosanengappi": "2026-11-24", "sosajikoku": "10:15:00",
}  # fmt: skip


@pytest.fixture
def client_system(city_database: str) -> tuple[str, str]:
    return register_client(name="個人住民税", work_id="003", office_code="3010", scopes=[SCOPE, READ])


def basic(number: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{number}:{secret}".encode()).decode()


@pytest.fixture
def token(client_system: tuple[str, str]) -> Callable[..., str]:
    def get(scope: str = SCOPE) -> str:
        answer = Client().post(
            "/oauth/token",
            {"grant_type": "client_credentials", "scope": scope},
            headers={"Authorization": basic(*client_system)},
        )
        assert answer.status_code == 200, answer.content
        assert answer.json()["token_type"] == "Bearer"
        assert "refresh_token" not in answer.json()
        return str(answer.json()["access_token"])

    return get


@pytest.fixture
def call(token: Callable[..., str]) -> Call:
    def post(changes: dict[str, Any] | None = None, *, drop: tuple[str, ...] = (), bearer: str | None = None) -> Any:
        body = {name: value for name, value in {**NEW, **(changes or {})}.items() if name not in drop}
        given = token() if bearer is None else bearer
        return Client().post(
            PATH, json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {given}"}
        )

    return post


def test_公式の例_新しい番号(call: Call) -> None:
    answer = call()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json;charset=UTF-8")
    assert answer.json() == {
        "metadata": {"title": "住登外者宛名番号付番", "detail": "登録が完了しました。"},
        "_links": {"self": {"href": PATH}},
        "result": [
            {
                "shikuchosonkodo": "112038",
                "atenabango": "000009000000016",
                "rirekibango": 1,
                "sosashaid": "K00123",
                "sosanengappi": "2026-11-24",
                "sosajikoku": "10:15:00",
            }
        ],
    }
    assert call().json()["result"][0]["atenabango"] == "000009000000024"


def test_公式の例_元住民の引継ぎに三つの誤り(call: Call) -> None:
    wrong = {"shorikubun": "1", "shikuchosonkodo": "11203", "nayosemotofuragu": "1", "sosajikoku": "10:20"}
    answer = call(wrong)
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "title": "住登外者宛名番号付番",
            "detail": "エラーが発生しました。",
            "_links": {"self": {"href": PATH}},
            "errors": [
                {"code": "E0003", "message": "市区町村コードは6桁で設定してください。"},
                {"code": "E0001", "message": "宛名番号が設定されていません。"},
                {
                    "code": "E0004",
                    "message": "名寄せ元フラグが設定されている場合、名寄せ先宛名番号は設定必須です。",
                },
            ],
        },
    )
    right = call({"shorikubun": "1", "atenabango": "000000000000078", "sosajikoku": "10:20"})
    assert right.json()["result"][0]["atenabango"] == "000000000000078"
    assert call().json()["result"][0]["atenabango"] == "000009000000016"


@pytest.mark.parametrize(
    ("name", "value", "code", "message"),
    [
        ("shikuchosonkodo", "", "E0001", "市区町村コードが設定されていません。"),
        ("nayosemotofuragu", "", "E0001", "名寄せ元フラグが設定されていません。"),
        ("tagyomusanshofukafuragu", "", "E0001", "他業務参照不可フラグが設定されていません。"),
        ("sosashaid", "", "E0001", "操作者IDが設定されていません。"),
        ("shorikubun", "9", "E0002", "処理区分は0、1、2のいずれかで設定してください。"),
        ("shikuchosonkodo", "11203X", "E0002", "市区町村コードは半角数字で設定してください。"),
        ("shimei", "ﾐﾎﾝ", "E0002", "氏名は全角文字で設定してください。"),
        ("kojinbango", "555012345677", "E0002", "個人番号は検査用数字の正しい番号で設定してください。"),
        ("kojinbango", "55501234567", "E0003", "個人番号は12桁で設定してください。"),
        ("jusho_yubinbango", "33200012", "E0003", "住所_郵便番号は7桁で設定してください。"),
        ("jusho_shikugunchosonmei", "長" * 13, "E0003", "住所_市区郡町村名は12桁以内で設定してください。"),
        ("seinengappi", "1991-02-30", "E0002", "生年月日はYYYY-MM-DDで設定してください。"),
        ("sosajikoku", "25:00", "E0002", "操作時刻はHH:MM:SSで設定してください。"),
        ("seibetsu", 2, "E0002", "性別は文字列で設定してください。"),
    ],
)
def test_文書どおりの誤り(call: Call, name: str, value: Any, code: str, message: str) -> None:
    answer = call({name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"code": code, "message": message}]
    assert "555012345677" not in answer.content.decode()


def test_氏と名は片方だけでは相関エラー(call: Call) -> None:
    errors = call(drop=("na_nihonjin",)).json()["errors"]
    words = "氏_日本人が設定されている場合、名_日本人は設定必須です。"
    assert errors == [{"code": "E0004", "message": words}]


def test_本文がJSONでなければ400_GETは受けない(token: Callable[..., str]) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    answer = Client().post(PATH, b"{", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "E0002")
    assert Client().get(PATH, headers=headers).status_code == 405


def test_処理区分2は業務IDだけを加え_前の業務を押し出さない(call: Call) -> None:
    number = call({"gyomuid": "003"}).json()["result"][0]["atenabango"]
    again = call({"shorikubun": "2", "atenabango": number, "gyomuid": "008", "shimei": "改名　七海"})
    assert again.json()["result"][0]["rirekibango"] == 1
    assert sorted(RecordUse.objects.values_list("work_id", flat=True)) == ["003", "008"]
    unknown = call({"shorikubun": "2", "atenabango": "000009000000024"})
    assert unknown.json()["errors"] == [{"code": "E0004", "message": "宛名番号が登録されていません。"}]


def test_個人番号は紐付き_住民の番号と名寄せの申出も扱う(call: Call, admin_connection: Any) -> None:
    publish_resident("000000000000078")
    taken = call({"shorikubun": "1", "atenabango": "000000000000078"})
    assert taken.json()["errors"] == [{"code": "E0004", "message": "この宛名番号の人は、現に住民です。"}]
    answer = call({"kojinbango": "555012345676", "nayosemotofuragu": "1", "nayosesakiatenabango": "000000000000078"})
    number = answer.json()["result"][0]["atenabango"]
    assert NumberBinding.objects.get(atena_number=number).verification == "9"
    assert MergeLink.objects.get(child=number).get_state_display() == "名寄せの承認待ち"
    twice = call({"kojinbango": "555012345676"})
    assert twice.status_code == 400
    assert "555012345676" not in twice.content.decode()
    staff = admin_connection.execute(
        "select distinct staff_number, office_code from ledger.entry where dataset = '住登外者宛名'"
    ).fetchall()
    assert ("api:K00123", "3010") in staff


def test_Q4_トークンがない_期限切れ_範囲外(call: Call, token: Callable[..., str], refusals: Any) -> None:
    for bearer in ("", "wrong"):
        answer = call(bearer=bearer)
        assert (answer.status_code, answer.json()["detail"]) == (401, "アクセストークンが無効です。")
        assert "errors" not in answer.json()
    old = token()
    ApiToken.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert call(bearer=old).status_code == 401
    assert call(bearer=token(READ)).status_code == 403
    assert len(refusals()) == 1


def test_想定外は503で中身を漏らさない(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.nonresident_registry.services import writing

    monkeypatch.setattr(writing, "refresh_names", lambda _numbers: 1 / 0)
    answer = call()
    assert (answer.status_code, answer.json()["detail"]) == (503, "想定外のエラーが発生しました。")


# --- tokens ----------------------------------------------------------------------------------------------------------


def assertion(number: str, secret: str, **changes: Any) -> str:
    def pack(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    claims = {"iss": number, "sub": number, "aud": "/oauth/token", "jti": "j1", "exp": time.time() + 60, **changes}
    head = f"{pack({'alg': changes.get('alg', 'HS256'), 'typ': 'JWT'})}.{pack(claims)}"
    signature = hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def ask(signed: str, scope: str = SCOPE) -> Any:
    form = {
        "grant_type": "client_credentials", "scope": scope, "client_assertion": signed,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    return Client().post("/oauth/token", form)


def test_client_secret_jwt_は一度だけ使える(client_system: tuple[str, str]) -> None:
    signed = assertion(*client_system)
    assert ask(signed).status_code == 200
    assert ask(signed).json()["error"] == "invalid_client"
    number, secret = client_system
    for wrong in (
        assertion(number, "other", jti="j2"),
        assertion(number, secret, jti="j3", exp=time.time() - 1),
        assertion(number, secret, jti="j4", exp=time.time() + 86_400),
        assertion(number, secret, jti="j5", alg="none"),
        assertion(number, secret, jti="j6", sub="someone"),
        "a.b",
    ):
        assert (ask(wrong).status_code, ask(wrong).json()["error"]) == (401, "invalid_client")


def test_Q12_二つの提供側のスコープは一つのトークンにできない(client_system: tuple[str, str]) -> None:
    answer = ask(assertion(*client_system), f"{SCOPE} 001:x:Read")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert ask(assertion(*client_system, jti="j2"), "031:other:Create").json()["error"] == "invalid_scope"


@pytest.mark.function("S4-1")
def test_Q16_国民年金に団体内統合宛名のスコープは登録できない(city_database: str) -> None:
    with pytest.raises(TokenRefused, match="国民年金"):
        register_client(name="国民年金", work_id="015", office_code="2010", scopes=["032:x:Read"])
    assert not ApiClient.objects.exists()


def test_秘密は封をして保存される(client_system: tuple[str, str], admin_connection: Any) -> None:
    kept = admin_connection.execute("select c::text from common_platform.api_client c").fetchone()[0]
    assert client_system[1] not in kept
    assert len(client_system[0]) == 32
    assert len(client_system[1]) >= 32
