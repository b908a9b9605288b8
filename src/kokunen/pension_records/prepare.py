"""模擬都市の操作者: what 社会保険オンライン of a demo city needs before its door opens; run by ``kokunen up``.

    python -m kokunen.pension_records.prepare

An operator and a supervisor whose forms were accepted earlier, each with the passkey that `kokunen accounts` exports.
The 年金事務所 finds them in the list in its own folder. ID and password are those of the demo accounts of the same
name, so that one row of `kokunen accounts` opens both programs; in a city they are two different things.
"""

from __future__ import annotations

import csv
import os
import sys
from datetime import UTC, date, datetime

from kokunen.config import environment, keys
from kokunen.kernel.errors import NotAllowed

PASSWORD = "kokunen-demo-2026"
PASSKEY_SECRET = "demo.passkeys"
_FROM = date(2026, 4, 1)
OPERATORS = (
    ("online1", "北川 渚", "キタガワ ナギサ", "operator"),
    ("nenkin9", "加納 湊", "カノウ ミナト", "supervisor"),
)


def main() -> int:
    """Make the operators that are missing; safe to repeat."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kokunen.pension_records.settings"
    import django

    django.setup()
    create_operators()
    return 0


def create_operators() -> int:
    """模擬操作者を登録する: returns how many were added. Raises NotAllowed outside demo mode."""
    if not environment.is_demo():
        raise NotAllowed("模擬操作者は本番では登録できません")
    from django.db import transaction

    from kokunen.common_platform.passkeys.demo import DemoPasskey
    from kokunen.pension_records.choices import ALIAS, FormState
    from kokunen.pension_records.models import Credential, Operator, RegistrationForm
    from kokunen.pension_records.services.registration import operator_add

    added, secret = 0, keys.secret(PASSKEY_SECRET)
    handed_in = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
    with transaction.atomic(using=ALIAS):
        for number, name, kana, kind in OPERATORS:
            if Operator.objects.filter(operator_id=number).exists():
                continue
            form = RegistrationForm.objects.create(
                number=f"F20260316-{number}",
                staff_number=number,
                name=name,
                kana=kana,
                office="国民年金課",
                kind=kind,
                starts_on=_FROM,
                submitted_by="kanri1",
                submitted_at=handed_in,
                state=FormState.ACCEPTED,
                decided_at=handed_in,
            )
            operator = operator_add(form, operator_id=number, password=PASSWORD)
            operator.must_enrol = False
            operator.save(update_fields=["must_enrol"])
            passkey = DemoPasskey(secret, number)
            Credential.objects.create(
                operator=operator,
                credential_id=passkey.credential_id,
                public_key=passkey.public_key,
                label="模擬都市のパスキー",
                is_exported=True,
                registered_at=handed_in,
            )
            added += 1
    _tell_the_office()
    return added


def _tell_the_office() -> None:
    folder = environment.data_dir() / "counterparts" / "terminal_controller"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "operators.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["operator_id", "staff_number", "name", "starts_on"])
        writer.writerows([number, number, name, _FROM.isoformat()] for number, name, _, _ in OPERATORS)


if __name__ == "__main__":
    sys.exit(main())
