"""届書の目録: complete, in step with the reports, the record layouts and 別添1."""

from __future__ import annotations

import pytest

from kokunen.counterparts.jps.layout import load_layout
from kokunen.national_pension.catalogue import RECORDS, catalogue, counter_forms, form_of
from kokunen.national_pension.choices import NoticeKind
from kokunen.national_pension.reporting_types import NoticeKind as LineKind

pytestmark = pytest.mark.function("S1-1")


def test_F01からF29までの届書がすべてある() -> None:
    numbers = [*range(1, 19), *range(20, 30)]
    assert {form.code for form in counter_forms()} == {f"F{number:02d}" for number in numbers} | {"F12b"}


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_届書ごとに根拠と行き先と報告の列がある(kind: NoticeKind) -> None:
    form = form_of(kind)
    assert form.law and form.limit.text and form.goes_to and form.decider and form.records
    assert set(form.records) <= set(RECORDS)
    assert str(LineKind(form.report)) in load_layout().notices
    assert form.situations or kind is NoticeKind.WITHDRAWAL
    assert len({one.code for one in form.situations}) == len(form.situations)


def test_別添1のどの項目もいずれかの届書に載る() -> None:
    assert {record for form in catalogue().values() for record in form.records} == set(RECORDS)


def test_決定を待つ届書と受理で終わる届書() -> None:
    assert form_of("F12").ends_with_decision() and not form_of("F10").ends_with_decision()
    assert form_of("F09").ends_with_decision("claim") and not form_of("F09").ends_with_decision("report")


def test_報告に載せる記載は様式の列にあるものだけである() -> None:
    """What a line tells is what the record layout has a column for, no more and no less."""
    import django

    django.setup()
    from kokunen.national_pension.services.report_lines import TOLD

    for kind, names in TOLD.items():
        fields = load_layout().notices[str(kind)].record.fields
        columns = {source.removeprefix("details.") for one in fields for source in one.sources if "details." in source}
        assert set(names) == columns, kind
