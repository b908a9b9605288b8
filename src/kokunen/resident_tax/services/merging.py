"""合算: the documents of a person become the facts of his tax; columns in, columns out, no database.

Rules (地方税法315条, 317条, 317条の2): a 確定申告書 prevails and stands alone, the latest one counts; otherwise a
住民税申告書 prevails for what it states and the payers' documents are added for the rest; otherwise the payers'
documents are added up, family and circumstances from the main payer (甲欄). The report of an employer who was left is
not added when the main report includes it (前職分). Who has no document and is nobody's dependant is 未申告.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from kokunen.law.engine.steps import Unit
from kokunen.law.rules.resident_tax import FACTS, SEPARATE_FACTS
from kokunen.law.rules.resident_tax.facts import Fact
from kokunen.resident_tax.choices import DependantKind, DisabilityKind, DocumentKind

STATED = tuple(fact for fact in (*FACTS, *SEPARATE_FACTS) if fact.name not in ("birth_date", "undeclared"))
"""資料が述べる事実: every fact of the law but those that the city knows itself."""

_ADDED = tuple(fact.name for fact in STATED if fact.unit is Unit.YEN and not fact.name.startswith("spouse_"))
_TAKEN = tuple(fact.name for fact in STATED if fact.name not in _ADDED)
_SEPARATE = tuple(fact.name for fact in SEPARATE_FACTS)
_PAYERS = (DocumentKind.SALARY_REPORT, DocumentKind.PENSION_REPORT)
_SPOUSE_KINDS = (DependantKind.SPOUSE, DependantKind.ELDERLY_SPOUSE)
_EMPLOYEE_KINDS = (DependantKind.BLUE_EMPLOYEE, DependantKind.WHITE_EMPLOYEE)
_DISABILITIES = {
    DisabilityKind.NONE: "none",
    DisabilityKind.DISABLED: "general",
    DisabilityKind.SPECIAL: "special",
    DisabilityKind.SPECIAL_LIVING_TOGETHER: "special",
}

DOCUMENT_COLUMNS = ("id", "atena_number", "kind", "payer_number", "main", "retired", "includes_previous",
                    "received_on", "figures")  # fmt: skip
CLAIM_COLUMNS = ("claimant", "dependant", "kind", "disability", "lives_together", "birth_date", "total_income")


def _plain(fact: Fact) -> Any:
    if isinstance(fact.kind, pl.Enum) or fact.kind is pl.Date:
        return pl.String
    return fact.kind


FIGURES = pl.Struct([pl.Field(fact.name, _plain(fact)) for fact in STATED])
"""資料の内容の型: the JSON of a document; what it does not state is empty."""


def facts_of_documents(documents: pl.DataFrame) -> pl.DataFrame:
    """資料の合算: one row a person with the facts, the numbers of the documents used, the main payer.

    ``documents`` has DOCUMENT_COLUMNS, only those in force.
    """
    opened = documents.with_columns(pl.col("figures").str.json_decode(FIGURES)).unnest("figures")
    opened = opened.sort("atena_number", "received_on", "id")
    returns = opened.filter(pl.col("kind") == DocumentKind.TAX_RETURN).unique("atena_number", keep="last")
    others = opened.join(returns.select("atena_number"), on="atena_number", how="anti")
    declared = others.filter(pl.col("kind") == DocumentKind.DECLARATION).unique("atena_number", keep="last")
    payers = _payers(others)
    fields = [fact.name for fact in STATED]
    base = declared.select("atena_number", *(pl.col(name).alias(f"stated.{name}") for name in fields))
    mixed = payers.join(base, on="atena_number", how="full", coalesce=True).select(
        "atena_number", *(pl.coalesce(f"stated.{name}", name).alias(name) for name in fields)
    )
    facts = pl.concat([returns.select("atena_number", *fields), mixed])
    employers = (
        opened.filter((pl.col("kind") == DocumentKind.SALARY_REPORT) & pl.col("main") & ~pl.col("retired"))
        .unique("atena_number", keep="last")
        .select("atena_number", pl.col("payer_number").alias("employer"))
    )
    used = opened.group_by("atena_number").agg(pl.col("id").sort().alias("documents"))
    return facts.join(employers, on="atena_number", how="left").join(used, on="atena_number", how="left")


def _payers(documents: pl.DataFrame) -> pl.DataFrame:
    """支払報告書の合計: amounts added, circumstances of the main payer; 前職分 counted once."""
    reports = documents.filter(pl.col("kind").is_in([str(kind) for kind in _PAYERS]))
    counted_there = (pl.col("includes_previous") & pl.col("main")).any().over("atena_number")
    reports = reports.filter(
        ~(counted_there & pl.col("retired") & (pl.col("kind") == DocumentKind.SALARY_REPORT) & ~pl.col("main"))
    )
    stated = [
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).otherwise(None).alias(name)
        for name in _ADDED
    ]
    taken = [pl.col(name).sort_by("main", descending=True, maintain_order=True).drop_nulls().first() for name in _TAKEN]
    return reports.group_by("atena_number").agg(*stated, *taken)


def people_and_relatives(
    taxpayers: pl.DataFrame, documents: pl.DataFrame, claims: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """納税義務者と親族: the frames of the law, keyed by 宛名番号 in ``person``.

    ``taxpayers``: atena_number, birth_date, claimed (is somebody's dependant). ``claims``: CLAIM_COLUMNS, where
    ``total_income`` is what is known of the claimed person. The first frame also has ``documents`` and ``employer``.
    """
    facts = facts_of_documents(documents)
    people = taxpayers.join(facts, on="atena_number", how="left", maintain_order="left")
    people = people.with_columns(
        undeclared=pl.col("documents").is_null() & ~pl.col("claimed"),
        spouse_birth_date=pl.col("spouse_birth_date").str.to_date(strict=False),
        documents=pl.col("documents").fill_null([]),
        employer=pl.col("employer").fill_null(""),
    )
    spouses = claims.filter(pl.col("kind").is_in([str(kind) for kind in _SPOUSE_KINDS])).unique("claimant")
    spouse = spouses.select(
        pl.col("claimant").alias("atena_number"),
        pl.col("birth_date").alias("claimed.spouse_birth_date"),
        pl.col("total_income").alias("claimed.spouse_total_income"),
        pl.col("disability").replace_strict(_DISABILITIES).alias("claimed.spouse_disability"),
        pl.col("lives_together").alias("claimed.spouse_living_together"),
    )
    names = ("spouse_birth_date", "spouse_total_income", "spouse_disability", "spouse_living_together")
    people = people.join(spouse, on="atena_number", how="left", maintain_order="left").with_columns(
        pl.coalesce(name, f"claimed.{name}").alias(name) for name in names
    )
    people = people.rename({"atena_number": "person"})
    return people, _relatives(claims)


def _relatives(claims: pl.DataFrame) -> pl.DataFrame:
    others = claims.filter(~pl.col("kind").is_in([str(kind) for kind in (*_SPOUSE_KINDS, *_EMPLOYEE_KINDS)]))
    parent = pl.col("kind") == DependantKind.ELDERLY_PARENT
    return others.select(
        pl.col("claimant").alias("person"),
        "birth_date",
        pl.when(parent).then(pl.lit("lineal_ascendant")).otherwise(pl.lit("other")).alias("relation"),
        "total_income",
        pl.col("disability").replace_strict(_DISABILITIES).alias("disability"),
        pl.col("lives_together").alias("living_together"),
    )
