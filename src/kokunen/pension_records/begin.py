"""最初の管理者を登録する: in production, once, before the door of 社会保険オンライン opens.

    python -m kokunen.pension_records.begin submit FORMS.json --by STAFF_NUMBER
    python -m kokunen.pension_records.begin codes --by STAFF_NUMBER

FORMS.json holds two officers: [{"staff_number", "name", "kana", "office", "starts_on"}, ...]. What it prints of
passwords and codes is shown once; each officer reads her own line and enrols her device within half an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kokunen.kernel.errors import InputError, KokunenError

_FIELDS = ("staff_number", "name", "kana", "office")


def main(arguments: Sequence[str] | None = None) -> int:
    """入口: 0 done, 1 refused with the reason."""
    parser = argparse.ArgumentParser(prog="python -m kokunen.pension_records.begin", description="最初の管理者の登録")
    parser.add_argument("step", choices=("submit", "codes"))
    parser.add_argument("forms", nargs="?", type=Path)
    parser.add_argument("--by", required=True, help="命令を実行する職員の職員番号")
    given = parser.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kokunen.pension_records.settings"
    import django

    django.setup()
    try:
        print("\n".join(_submit(given.forms, given.by) if given.step == "submit" else _codes(given.by)))
    except KokunenError as error:
        print(f"{error.message}。{error.hint or ''}", file=sys.stderr)
        return 1
    return 0


def _submit(path: Path | None, by: str) -> list[str]:
    from kokunen.pension_records.choices import OperatorKind
    from kokunen.pension_records.services.beginning import context_of_command, first_forms_submit
    from kokunen.pension_records.services.registration import Applicant

    try:
        rows = json.loads((path or Path()).read_text(encoding="utf-8"))
        applicants = [
            Applicant(
                **{name: str(row[name]) for name in _FIELDS},
                kind=OperatorKind.SUPERVISOR,
                starts_on=date.fromisoformat(row["starts_on"]),
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"登録書のファイルが読めません（{error}）", field="forms") from error
    forms = first_forms_submit(applicants, context=context_of_command(by))
    return [f"登録書 {form.number} を年金事務所に提出しました（{form.name}）" for form in forms]


def _codes(by: str) -> list[str]:
    from kokunen.pension_records.services.beginning import context_of_command, first_codes_issue

    return [
        f"{one.name}: 操作者ID {one.operator_id} 初回パスワード {one.first_password or '（受取済み）'} 符号 {one.code}"
        for one in first_codes_issue(context=context_of_command(by))
    ]


if __name__ == "__main__":
    sys.exit(main())
