"""最初の版: the dictionaries that come with the program, read when the tables are made (migration)."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from kokunen.common_platform.codes.dictionaries import DATA, Dictionary, dictionaries

BY = "system:初期登録"


def load(edition_model: Any, entry_model: Any) -> None:
    """辞書ごとに第1版を登録する (with the models of the migration)."""
    from django.db.backends.postgresql.psycopg_any import DateRange
    from django.utils import timezone

    for known in dictionaries().values():
        content = (DATA / known.first_edition).read_bytes()
        rows = list(_rows(known))
        at = timezone.now()
        edition = edition_model.objects.create(
            dictionary=known.code, number=1, source=known.source, effective_on=known.since, is_whole=True, rows=[],
            sha256=hashlib.sha256(content).hexdigest(), state="2", counts={"added": len(rows)}, asked_by=BY,
            asked_at=at, settled_by="system:移行", settled_at=at,
        )  # fmt: skip
        entry_model.objects.bulk_create(
            [
                entry_model(
                    dictionary=known.code, code=code, label=label, kana=kana, facts=facts, edition=edition,
                    valid_period=DateRange(since, until, "[)"),
                )
                for code, label, kana, facts, since, until in rows
            ],
            batch_size=2000,
        )  # fmt: skip


def _rows(known: Dictionary) -> Iterator[tuple[str, str, str, dict[str, str], date, date | None]]:
    first = date.fromisoformat(known.since)
    with (DATA / known.first_edition).open(encoding="utf-8", newline="") as file:
        for raw in csv.DictReader(file):
            if known.code == "towns":
                yield from _town(raw, first)
                continue
            facts = {one.name: raw[one.name] for one in known.facts if raw.get(one.name)}
            since = date.fromisoformat(raw["valid_from"]) if raw.get("valid_from") else first
            until = date.fromisoformat(raw["valid_to"]) if raw.get("valid_to") else None
            yield raw["code"], raw["label"], raw.get("kana", ""), facts, since, until


def _town(raw: dict[str, str], first: date) -> Iterator[tuple[str, str, str, dict[str, str], date, date | None]]:
    """町字 as the address base registry writes them."""
    kana = f"{raw['oaza_cho_kana']}{raw['chome_kana']}{raw['koaza_kana']}"
    facts = {"postal_code": raw["postal_code"], "residential": raw["rsdt_addr_flg"]}
    since = date.fromisoformat(raw["efct_date"]) if raw["efct_date"] else first
    until = date.fromisoformat(raw["ablt_date"]) if raw["ablt_date"] else None
    yield raw["machiaza_id"], raw["display_name"], kana, {n: v for n, v in facts.items() if v}, since, until
