"""ファイルの提供: only declared columns, full and difference, and the look stands in the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.function("S3-1")
@pytest.mark.control("CTL-014")
def test_全件と差分を宣言された項目だけで渡す(city_database: str, tmp_path: Path, admin_connection: Any) -> None:
    from django.db import transaction

    from kokunen.common_platform.integration.datasets import datasets
    from kokunen.common_platform.integration.files.formats import Control, read_rows
    from kokunen.common_platform.integration.files.handing_over import hand_over
    from kokunen.common_platform.integration.publishing import ChangeNote, publish
    from kokunen.common_platform.integration.schema import declared_views
    from kokunen.ledger.access import AccessContext

    resident = datasets()["resident"]
    example: dict[str, Any] = dict.fromkeys(("text",), "あ") | {"date": "2000-01-01", "boolean": False}
    example |= {"integer": 1, "bigint": 1, "text[]": [], "jsonb": {}}
    row = {c.name: example[c.pg_type] for c in resident.columns if not c.nullable}

    def tell(*numbers: str) -> None:
        with transaction.atomic(using="resident_registry"):
            rows = [{"atena_number": number, **row} for number in numbers]
            publish("resident_registry", resident, rows, ChangeNote("update", "301", date(2026, 11, 24)))

    view = next(v for v in declared_views() if (v.subsystem, v.dataset.name) == ("national_pension", "resident"))
    context = AccessContext("unyo1", "1020", "administration", "試験")
    tell("000000000000078", "000000000000086")
    full, position = hand_over(view, tmp_path, user="015", seq=1, after=None, context=context)
    tell("000000000000086")
    difference, after = hand_over(view, tmp_path, user="015", seq=2, after=position, context=context)

    columns = ["atena_number", *(c for c in view.columns if c != "atena_number")]
    control = Control.read(difference.with_suffix(".ctl"))
    assert (control.rows, control.first_seq, control.last_seq, after) == (1, 3, 3, 3)
    rows = read_rows(full.read_bytes(), Control.read(full.with_suffix(".ctl")), columns)
    assert [row["atena_number"] for row in rows] == ["000000000000078", "000000000000086"]
    assert full.read_bytes().startswith(b"atena_number,") and b"\r\n" in full.read_bytes()
    entry = admin_connection.execute(
        "select act, subject_count, detail->>'kind' from ledger.entry "
        "where dataset like 'ファイル連携%' order by entry_id"
    ).fetchall()
    assert entry == [("export", 2, "F"), ("export", 1, "D")]
