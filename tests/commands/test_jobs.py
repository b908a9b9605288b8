"""kokunen jobs: the list and a run as an operator's script sees them."""

from __future__ import annotations

import json

import pytest
from tests.cli.running import kokunen

pytestmark = [pytest.mark.function("S3-5"), pytest.mark.usefixtures("city_database")]


def test_一覧と起動はJSON文書一つで答える() -> None:
    done = kokunen("jobs", "list", "--json")
    nets = {net["net"]: net for net in json.loads(done.stdout)}
    assert done.returncode == 0
    assert nets["NPD010"]["after"] == ["RRD010"] and nets["NPD010"]["state"] == "not_run"
    assert nets["NPD010"]["jobs"][0]["name"] == "20歳到達者の一覧"

    done = kokunen("jobs", "run", "NPD010", "--day", "2026-11-24", "--json")
    run = json.loads(done.stdout)
    assert (done.returncode, run["state"], run["business_date"]) == (0, "well", "2026-11-24")
    assert {step["state"] for step in run["steps"]} == {"well"}
    assert len(run["steps"]) == len(nets["NPD010"]["jobs"])

    nets = {net["net"]: net for net in json.loads(kokunen("jobs", "list", "--json").stdout)}
    assert nets["NPD010"]["last_run"]["state"] == "well"


@pytest.mark.parametrize("arguments", [("NOTHERE",), ("NPD010", "--day", "2026-02-30")], ids=["ネット", "日付"])
def test_ないネットと日付は使い方の誤り(arguments: tuple[str, ...]) -> None:
    done = kokunen("jobs", "run", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
