"""世代の作成と保存: taking a snapshot, letting old ones go. Safe to be killed at any instant.

A generation is written into a folder that no reader looks at; the folder gets its name, then the row says READY. What
a killed process left is cleared by the next one, which holds the same lock.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from django.db import connections, transaction

from kokunen.common_platform.batch_master import manifest
from kokunen.common_platform.batch_master.models import Generation, GenerationState
from kokunen.common_platform.batch_master.taking import SnapshotTrouble, open_source, write_dataset
from kokunen.common_platform.integration.datasets import datasets
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record

log = logging.getLogger("kokunen.batch_master")

ALIAS = "default"
KEPT_GENERATIONS = 7
"""世代の保存数: so many READY generations stay at least (the house's choice)."""
HELD_DAYS = 30
"""A run that has not been opened for so long holds its generation no more."""

_LOCK = 0x6B6F6B62  # one snapshot at a time


@dataclass(frozen=True, slots=True)
class Taken:
    """作成の結果: generation, rows and bytes written, seconds it took."""

    generation: Generation
    seconds: float
    retired: tuple[int, ...]


def take_snapshot(context: AccessContext | None = None) -> Taken:
    """バッチマスタを作成する: every published table as of one moment.

    Raises Conflict when another process is at it; whatever else goes wrong leaves the generation FAILED and the last
    READY one in force.
    """
    acting = context or system_context("バッチマスタの作成")
    began = time.monotonic()
    with _alone():
        clear_leftovers()
        generation = Generation.objects.create(
            business_date=clock.today(), started_at=clock.now(), taken_by=acting.staff_number[:60]
        )
        try:
            _build(generation, acting)
        except (OSError, psycopg.Error, SnapshotTrouble) as trouble:
            log.exception("snapshot %s failed", generation.pk)
            _fail(generation, f"{type(trouble).__name__}: {trouble}")
            raise
        retired = retire_old()
    seconds = time.monotonic() - began
    log.info("snapshot %s: %s rows in %.1f s", generation.pk, generation.rows, seconds)
    return Taken(generation, seconds, retired)


def _build(generation: Generation, context: AccessContext) -> None:
    published = list(datasets().values())
    draft = manifest.building_folder_of(generation.pk)
    draft.mkdir(mode=0o700)
    source = open_source(published)
    try:
        facts = {dataset.name: write_dataset(source, dataset, draft) for dataset in published}
    finally:
        source.connection.close()
    cutoff = source.cutoff_at.astimezone(clock.OFFICE_ZONE)
    told = manifest.Manifest(generation.pk, generation.business_date.isoformat(), cutoff.isoformat(), facts).encode()
    manifest.write_durably(draft / manifest.MANIFEST, told)
    os.rename(draft, manifest.folder_of(generation.pk))
    generation.state = GenerationState.READY
    generation.cutoff_at = source.cutoff_at
    generation.ready_at = clock.now()
    generation.cutoff_seqs = source.cutoff_seqs
    generation.row_counts = {name: one.rows for name, one in facts.items()}
    generation.bytes_written = sum(one.bytes for one in facts.values())
    generation.manifest_sha256 = hashlib.sha256(told).hexdigest()
    with transaction.atomic(using=ALIAS):
        generation.save()
        record(
            ALIAS,
            context,
            act=Act.EXPORT,
            dataset="バッチマスタの作成",
            items=[one.label for one in facts.values()],
            count=facts["resident"].rows if "resident" in facts else generation.rows,
            detail={"generation": generation.pk, "rows": generation.row_counts},
        )


def _fail(generation: Generation, why: str) -> None:
    for folder in (manifest.building_folder_of(generation.pk), manifest.folder_of(generation.pk)):
        shutil.rmtree(folder, ignore_errors=True)
    generation.state = GenerationState.FAILED
    generation.ended_at = clock.now()
    generation.trouble = why[:500]
    generation.manifest_sha256 = ""
    generation.save()


def clear_leftovers() -> None:
    """前回の残りを片付ける (under the lock): a row that is still BUILDING belongs to a process that died."""
    for generation in Generation.objects.filter(state=GenerationState.BUILDING):
        _fail(generation, "作成の途中で処理が終わりました")
    ready = set(Generation.objects.filter(state=GenerationState.READY).values_list("pk", flat=True))
    known = {manifest.folder_of(number).name for number in ready}
    for folder in manifest.root_folder().iterdir():
        if folder.is_dir() and folder.name not in known:
            shutil.rmtree(folder)


def retire_old(keep: int = KEPT_GENERATIONS) -> tuple[int, ...]:
    """古い世代を消す: beyond the last `keep`, those that no run holds any more; returns their numbers."""
    since = clock.now() - timedelta(days=HELD_DAYS)
    retired = []
    ready = Generation.objects.filter(state=GenerationState.READY).order_by("-pk")
    for number in list(ready.values_list("pk", flat=True)[keep:]):
        with transaction.atomic(using=ALIAS):
            row = Generation.objects.select_for_update().get(pk=number)
            if row.uses.filter(ended_at__isnull=True, last_opened_at__gte=since).exists():
                continue
            row.state = GenerationState.RETIRED
            row.ended_at = clock.now()
            row.save(update_fields=["state", "ended_at"])
        shutil.rmtree(manifest.folder_of(number), ignore_errors=True)
        retired.append(number)
    return tuple(retired)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time; the lock goes with the connection, however the process ends."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict(
                "バッチマスタは、いまほかの処理が作成しています",
                hint="終わるまで待ってから、もう一度実行してください。",
            )
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
