"""保管する列: a column that nobody declared stops the start with its name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kokunen.kernel.errors import NotAllowed


@pytest.mark.control("CTL-035")
def test_宣言のない列は名を挙げて起動を止める(city_database, admin_connection) -> None:
    from kokunen.common_platform.assessment_desk.storage import stop_when_undeclared

    stop_when_undeclared()
    admin_connection.execute("alter table national_pension.insured_person add column hobby text")
    admin_connection.execute("create table national_pension.notes (memo text)")
    with pytest.raises(NotAllowed) as caught:
        stop_when_undeclared()
    assert "insured_person.hobby、notes.memo" in caught.value.message
    command = [sys.executable, "-c", "import kokunen.config.wsgi"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode != 0
    assert "insured_person.hobby" in done.stderr


@pytest.mark.control("CTL-036")
def test_別添1の項目の置き場所は実在する列である(city_database) -> None:
    from kokunen.assessment.flows import load_policy
    from kokunen.common_platform.assessment_desk.storage import declared_columns, stored_items

    policy, columns = load_policy(), declared_columns()
    assert [item for item in stored_items() if not policy.declares(item)] == []
    assert [place for place in stored_items().values() if place not in columns] == []


@pytest.mark.control("CTL-031")
@pytest.mark.control("CTL-072")
def test_使用部署の外と委託先には国民年金の役割を付けられない(city_database, context, admin_connection) -> None:
    from datetime import date

    from kokunen.common_platform.portal.demo import create_accounts
    from kokunen.common_platform.portal.services.staff import posting_begin, staff_register

    create_accounts()

    def take_on(number: str, category: str, office: str) -> None:
        person = staff_register(
            number=number, name="試験 花", kana="シケン ハナ", password="x" * 20, category=category, context=context
        )
        posting_begin(
            person, office_code=office, roles=["pension_officer"], begins_on=date(2026, 4, 1), context=context
        )

    take_on("t1", "official", "2101")
    with pytest.raises(NotAllowed, match="使用部署ではありません"):
        take_on("t2", "official", "2020")
    with pytest.raises(NotAllowed, match="委託しない"):
        take_on("t3", "contractor", "2010")
    held = admin_connection.execute(
        "select s.number from common_platform.portal_posting p "
        "join common_platform.portal_staff s on s.id = p.staff_id "
        "where s.number like 't_'"
    ).fetchall()
    assert held == [("t1",)]
