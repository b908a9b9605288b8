"""世代を読む: what a batch works with. Columns of the subsystem's own declaration, one generation for a run.

    with open_snapshot("resident_tax", batch="initial_assessment", run="2026-1", context=context) as snapshot:
        residents = snapshot.scan("resident", "atena_number", "birth_date").collect()

A run that failed is opened again under the same name and sees the same generation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import polars as pl
from django.db import transaction

from kokunen.common_platform.batch_master import manifest
from kokunen.common_platform.batch_master.models import Generation, GenerationState, GenerationUse
from kokunen.common_platform.batch_master.services import ALIAS
from kokunen.common_platform.integration.schema import declared_views
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record


class SnapshotDamaged(KokunenError):
    """世代が壊れている: a file is missing or is not the one that was written."""

    default_code = "snapshot_damaged"


@dataclass
class Snapshot:
    """開いた世代: the city of one moment, as far as this subsystem may see it."""

    generation: int
    business_date: date
    cutoff_at: datetime
    subsystem: str
    folder: Path
    facts: manifest.Manifest
    columns: dict[str, tuple[str, ...]]
    _checked: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """世代の名: what a batch writes beside its results."""
        return f"G{self.generation:06d}"

    def cutoff_seq(self, dataset: str) -> int:
        """変更番号 up to which every change of the dataset is in the snapshot."""
        return self._of(dataset).cutoff_seq

    def rows(self, dataset: str) -> int:
        """行数"""
        return self._of(dataset).rows

    def scan(self, dataset: str, *columns: str) -> pl.LazyFrame:
        """連携データを読む: declared columns (all of them by default), read when collected.

        Raises NotAllowed for a dataset or a column that the subsystem does not declare, SnapshotDamaged when the file
        is not the one that was written.
        """
        allowed = self.columns.get(dataset)
        if allowed is None:
            raise NotAllowed(f"{self.subsystem} は連携データ「{dataset}」の利用を宣言していません", dataset)
        if unknown := set(columns) - set(allowed):
            names = "、".join(sorted(unknown))
            raise NotAllowed(f"{self.subsystem} が宣言していない列です: {dataset}.{names}", dataset)
        path = self.folder / self._of(dataset).file
        self._check(dataset, path)
        return pl.scan_parquet(path).select(columns or allowed)

    def _of(self, dataset: str) -> manifest.DatasetFacts:
        if dataset not in self.columns or dataset not in self.facts.datasets:
            raise NotAllowed(f"{self.subsystem} は連携データ「{dataset}」の利用を宣言していません", dataset)
        return self.facts.datasets[dataset]

    def _check(self, dataset: str, path: Path) -> None:
        if dataset in self._checked:
            return
        if not path.is_file() or manifest.sha256_of(path) != self.facts.datasets[dataset].sha256:
            raise SnapshotDamaged(
                f"バッチマスタの世代{self.generation}が壊れています（{self.facts.datasets[dataset].label}）",
                dataset,
                hint="新しい世代を作成し、バッチを最初から実行してください。",
            )
        self._checked.add(dataset)


@contextmanager
def open_snapshot(
    subsystem: str, *, batch: str, run: str, context: AccessContext, generation: int | None = None
) -> Iterator[Snapshot]:
    """世代を開く: the one this run has used before, else `generation`, else the latest READY one.

    The use ends with the block; when the block fails it stays open, so that the generation waits for the rerun. Raises
    InputError when there is no READY generation, Conflict when the run has used another one than `generation`.
    """
    row, use = _hold(subsystem, batch, run, generation, context)
    yield _opened(row, subsystem)
    GenerationUse.objects.filter(pk=use.pk).update(ended_at=clock.now())


def last_used(subsystem: str, batch: str, run: str) -> str:
    """使った世代の名: of the newest run of ``batch`` whose name begins with ``run``; "" without one."""
    used = GenerationUse.objects.filter(subsystem=subsystem, batch=batch, run__startswith=run).order_by("-pk").first()
    return f"G{used.generation_id:06d}" if used else ""


def latest_generation() -> int | None:
    """最新の使用可の世代, or None."""
    found = Generation.objects.filter(state=GenerationState.READY).order_by("-pk").values_list("pk", flat=True).first()
    return None if found is None else int(found)


def _hold(
    subsystem: str, batch: str, run: str, wanted: int | None, context: AccessContext
) -> tuple[Generation, GenerationUse]:
    with transaction.atomic(using=ALIAS):
        at = clock.now()
        use = GenerationUse.objects.select_for_update().filter(subsystem=subsystem, batch=batch, run=run).first()
        if use is not None and wanted not in (None, use.generation_id):
            raise Conflict(
                f"この実行は世代{use.generation_id}を使っています。世代{wanted}に替えることはできません",
                "generation",
                hint="別の世代で行うときは、新しい実行として始めてください。",
            )
        row = _ready(use.generation_id if use is not None else wanted)
        if use is None:
            use = GenerationUse(
                generation=row, subsystem=subsystem, batch=batch, run=run, opened_at=at, last_opened_at=at
            )
        else:
            use.last_opened_at, use.ended_at, use.times = at, None, use.times + 1
        use.save()
        record(
            ALIAS,
            context,
            act=Act.SYSTEM,
            dataset="バッチマスタの使用",
            count=int(row.row_counts.get("resident", 0)),
            items=sorted(row.row_counts),
            detail={"generation": row.pk, "subsystem": subsystem, "batch": batch, "run": run, "times": use.times},
        )
    return row, use


def _ready(number: int | None) -> Generation:
    """The generation, locked against retirement."""
    rows = Generation.objects.select_for_update().filter(state=GenerationState.READY)
    row = rows.filter(pk=number).first() if number is not None else rows.order_by("-pk").first()
    if row is None:
        words = (
            "使用できるバッチマスタの世代がありません" if number is None else f"バッチマスタの世代{number}は使えません"
        )
        raise InputError(
            words, "generation", "not_found", "kokunen batch-master snapshot で世代を作成してから実行してください。"
        )
    return row


def _opened(row: Generation, subsystem: str) -> Snapshot:
    folder = manifest.folder_of(row.pk)
    path = folder / manifest.MANIFEST
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != row.manifest_sha256:
        raise SnapshotDamaged(
            f"バッチマスタの世代{row.pk}の目録が、作成したときのものではありません",
            "manifest",
            hint="新しい世代を作成し、バッチを最初から実行してください。",
        )
    assert row.cutoff_at is not None
    columns = {
        view.dataset.name: tuple(dict.fromkeys(("atena_number", *view.dataset.key, *view.columns)))
        for view in declared_views()
        if view.subsystem == subsystem
    }
    return Snapshot(
        row.pk, row.business_date, row.cutoff_at, subsystem, folder, manifest.Manifest.decode(content), columns
    )
