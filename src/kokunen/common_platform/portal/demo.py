"""模擬都市の職員: one account per role and one per office of the assessment. Demo mode only; invented people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from kokunen.common_platform.codes.offices import get_office
from kokunen.common_platform.passkeys.demo import DemoPasskey
from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.models import Passkey, Posting, Staff
from kokunen.common_platform.portal.services.staff import offices_load
from kokunen.common_platform.records.models import recorded_from
from kokunen.config import environment, keys
from kokunen.kernel.errors import NotAllowed

PASSWORD = "kokunen-demo-2026"
"""Printed at start; worthless outside a demo city, where no account of this list exists."""

_FROM = date(2020, 4, 1)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """模擬職員"""

    number: str
    name: str
    kana: str
    office: str
    roles: tuple[Role, ...]


_BRANCH = (Role.RESIDENT_OFFICER, Role.PENSION_BRANCH)

ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("shimin1", "青木 春", "アオキ ハル", "2020", (Role.RESIDENT_OFFICER,)),
    DemoAccount("shimin2", "井上 夏", "イノウエ ナツ", "2020", (Role.RESIDENT_OFFICER,)),
    DemoAccount("shimin9", "上野 秋", "ウエノ アキ", "2020", (Role.RESIDENT_OFFICER, Role.RESIDENT_CHIEF)),
    DemoAccount("nenkin1", "江口 冬", "エグチ フユ", "2010", (Role.PENSION_OFFICER,)),
    DemoAccount("nenkin2", "大島 光", "オオシマ ヒカリ", "2010", (Role.PENSION_OFFICER,)),
    DemoAccount("nenkin9", "加納 湊", "カノウ ミナト", "2010", (Role.PENSION_OFFICER, Role.PENSION_CHIEF)),
    DemoAccount("online1", "北川 渚", "キタガワ ナギサ", "2010", (Role.PENSION_ONLINE_OPERATOR,)),
    DemoAccount("shiba1", "黒田 葵", "クロダ アオイ", "2101", _BRANCH),
    DemoAccount("shingo1", "小泉 樹", "コイズミ イツキ", "2102", _BRANCH),
    DemoAccount("kamine1", "佐野 凪", "サノ ナギ", "2103", _BRANCH),
    DemoAccount("angyo1", "島田 岬", "シマダ ミサキ", "2104", _BRANCH),
    DemoAccount("higashi1", "杉山 楓", "スギヤマ カエデ", "2105", _BRANCH),
    DemoAccount("hatogaya1", "瀬川 蓮", "セガワ レン", "2106", _BRANCH),
    DemoAccount("ekimae1", "園田 栞", "ソノダ シオリ", "2107", _BRANCH),
    DemoAccount("zei1", "田村 杏", "タムラ アン", "3010", (Role.TAX_OFFICER,)),
    DemoAccount("zei9", "千葉 司", "チバ ツカサ", "3010", (Role.TAX_OFFICER, Role.TAX_CHIEF)),
    DemoAccount("fukushi1", "津田 薫", "ツダ カオル", "4010", (Role.WELFARE_OFFICER,)),
    DemoAccount("fukushi2", "手塚 遥", "テヅカ ハルカ", "4020", (Role.WELFARE_OFFICER,)),
    DemoAccount("atena1", "戸田 澪", "トダ ミオ", "1020", (Role.ATENA_OFFICER,)),
    DemoAccount("atena2", "富田 司", "トミタ ツカサ", "1020", (Role.ATENA_OFFICER,)),
    DemoAccount("kaiji1", "中里 奏", "ナカザト カナデ", "1010", (Role.DISCLOSURE_OFFICER,)),
    DemoAccount("kansa1", "西村 誠", "ニシムラ マコト", "1010", (Role.AUDITOR,)),
    DemoAccount("unyo1", "沼田 陸", "ヌマタ リク", "1020", (Role.OPERATOR,)),
    DemoAccount("unyo2", "根本 海", "ネモト ウミ", "1020", (Role.OPERATOR,)),
    DemoAccount("kanri1", "根岸 望", "ネギシ ノゾミ", "1020", (Role.ADMINISTRATOR,)),
)


def create_accounts() -> int:
    """模擬職員を登録する: offices and accounts that are missing; safe to repeat. Returns how many were added.

    Raises NotAllowed outside demo mode.
    """
    if not environment.is_demo():
        raise NotAllowed(
            "模擬職員は本番では登録できません", hint="職員の登録はシステム管理者の画面から行ってください。"
        )
    offices_load()
    added = _create_missing()
    _create_passkeys()
    return added


def _create_missing() -> int:
    known = set(Staff.objects.values_list("number", flat=True))
    missing = [account for account in ACCOUNTS if account.number not in known]
    if not missing:
        return 0
    password = make_password(PASSWORD)  # one hash for all: 24 times Argon2 would cost the start of a demo two seconds
    with transaction.atomic():
        staff = Staff.objects.bulk_create(
            Staff(number=a.number, name=a.name, kana=a.kana, password=password, must_change_password=False)
            for a in missing
        )
        Posting.objects.bulk_create(
            Posting(
                staff=person,
                office_id=account.office,
                roles=[str(role) for role in account.roles],
                valid_period=DateRange(_FROM, None, "[)"),
                recorded_period=recorded_from(),
                recorded_by="system:demo",
                recorded_reason="模擬都市",
            )
            for person, account in zip(staff, missing, strict=True)
        )
    return len(missing)


def _create_passkeys() -> None:
    """Exported passkeys of every demo account: whoever holds the list can use them, nobody has to."""
    staff = Staff.objects.filter(number__in=[a.number for a in ACCOUNTS], passkeys__isnull=True)
    found = [(person, _passkey(person.number)) for person in staff]
    Passkey.objects.bulk_create(
        Passkey(
            staff=person,
            credential_id=passkey.credential_id,
            public_key=passkey.public_key,
            label="模擬都市のパスキー",
            is_exported=True,
            registered_at=timezone.now(),
        )
        for person, passkey in found
    )


def _passkey(number: str) -> DemoPasskey:
    return DemoPasskey(keys.secret("demo.passkeys"), number)


def list_accounts() -> list[dict[str, Any]]:
    """`kokunen accounts --json`: username, password, staff_name, office, roles, passkey of every demo account.

    `passkey` is a `WebAuthn.Credential` of the Chrome DevTools Protocol for `WebAuthn.addCredential`.
    """
    return list(_rows())


def _rows() -> Iterator[dict[str, Any]]:
    for account in ACCOUNTS:
        row = asdict(account)
        yield {
            "username": row["number"],
            "password": PASSWORD,
            "staff_name": row["name"],
            "office": get_office(account.office).name,
            "roles": [str(role) for role in account.roles],
            "passkey": _passkey(account.number).export(environment.passkey_host()),
        }
