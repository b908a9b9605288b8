"""kokunen assessment and kokunen coverage: one JSON document, the exit status of the contract."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner


@pytest.fixture
def run(city_database, monkeypatch):
    """`run("assessment", "check")` → (exit status, what stands on standard output)."""
    from kokunen.cli import app

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")

    def once(*arguments: str):
        done = CliRunner().invoke(app, list(arguments))
        return done.exit_code, done.stdout

    return once


def test_checkは数と列と矛盾を一つの文書で言い_合わなければ終了状態1(run, admin_connection) -> None:
    status, text = run("assessment", "check", "--json")
    found = json.loads(text)
    assert status == 1 and found["holds"] is False  # an empty city is below its bands
    assert found["edition"] == "2025-12-26" and found["undeclared_columns"] == []
    assert {"item", "count", "declared", "fits"} == set(found["figures"][0])
    assert {"rule", "where", "words"} == set(found["findings"][0])
    admin_connection.execute("alter table national_pension.insured_person add column hobby text")
    assert json.loads(run("assessment", "check", "--json")[1])["undeclared_columns"] == ["insured_person.hobby"]


def test_diffは別添2の行を出し_知らない版は終了状態3(run) -> None:
    status, text = run("assessment", "diff", "2025-12-26", "next-draft", "--json")
    rows = json.loads(text)
    assert status == 0 and len(rows) > 15
    assert set(rows[0]) == {"target", "item", "before", "after", "starred", "proposal", "proposal_ground"}
    methods = next(row for row in rows if row["target"] == "II.3.acquisition_methods")
    assert "電子記録媒体" in methods["after"] and "[○]" in methods["after"] and not methods["starred"]
    assert run("assessment", "diff", "2025-12-26", "2025-12-26", "--json") == (0, "[]\n")
    assert run("assessment", "diff", "2025-12-26", "no-such", "--json")[0] == 3


def test_flowsは効力のある評価書の流れを言う(run) -> None:
    from kokunen.common_platform.assessment_desk.demo import publish_next_version

    status, text = run("assessment", "flows", "--json")
    flows = json.loads(text)
    assert status == 0 and set(flows[0]) == {"id", "from", "to", "channel", "basis"}
    assert "flow.in7" not in {flow["id"] for flow in flows}
    publish_next_version()
    assert "flow.in7" in {flow["id"] for flow in json.loads(run("assessment", "flows", "--json")[1])}


@pytest.mark.parametrize(("form", "head"), [("html", b"<!doctype html>"), ("pdf", b"%PDF")])
def test_renderは様式3を書く(run, tmp_path, form, head) -> None:
    target = tmp_path / f"form.{form}"
    status, text = run("assessment", "render", "--format", form, "--out", str(target))
    assert status == 0 and text.strip() == str(target)
    assert target.read_bytes()[:15].lower().startswith(head.lower())


def test_coverageは保護措置ごとに試験と点検を言う(run) -> None:
    status, text = run("coverage", "--controls", "--json")
    controls = json.loads(text)["controls"]
    assert status == 0 and len(controls) >= 79
    assert controls["CTL-058"]["manual_check"]["register"] == "端末台帳"
    assert controls["CTL-060"]["state"] == "covered" and controls["CTL-060"]["tests"]
