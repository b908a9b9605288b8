"""窓口ごとの仕事: what waits in each office, and why the Service sent things back, office by office."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.acceptance.national_pension.test_bad_input import _Carrier, _sent_batch
from tests.national_pension.support import Register
from tests.national_pension.web.test_screens import sign_in

from kokunen.ledger.access import AccessContext

__all__ = ["sign_in"]

pytestmark = [pytest.mark.function("S1-3"), pytest.mark.function("T9")]


def test_返戻の理由を窓口ごとに比べられる(city: Register, officer: AccessContext, sign_in: Any) -> None:
    from kokunen.national_pension.reporting_types import ResultOutcome
    from kokunen.national_pension.services import results

    batch = _sent_batch(city, city.resident(date(1991, 4, 1), name="返戻　花子"), officer)

    class Returning(_Carrier):
        def read_result_files(self) -> list[Any]:
            (file,) = super().read_result_files()
            line = replace(file.lines[0], outcome=ResultOutcome.RETURNED, reason="署名なし", basic_pension_number="")
            return [replace(file, lines=(line,))]

    assert results.take_in(writer=Returning(batch, ""), context=officer).returned == 1
    page = sign_in("nenkin9").get("/pension/offices/").content.decode()
    assert "署名なし" in page and "返戻　花子" not in page
