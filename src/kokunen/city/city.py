"""市: the whole city as a stream of blocks - for loading, for Parquet files, for tests."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from kokunen.city.block import BLOCK_RESIDENTS, Block, BlockPlan, block_count, build_block
from kokunen.city.tables import TABLES, TRUTH
from kokunen.kernel.errors import InputError

SMALLEST, LARGEST = 600, 6_000_000
Progress = Callable[[int, int], None]
"""進み具合: called with (residents done, residents in all)."""


@dataclass(frozen=True, slots=True)
class City:
    """市: nothing is built until it is asked for; asking again builds the same again."""

    residents: int
    seed: int
    today: date
    progress: Progress | None = None
    workers: int = 0
    """Processes that build blocks ahead of the reader; 0: this one builds them."""

    @property
    def blocks(self) -> int:
        """街区の数."""
        return block_count(self.residents)

    def plans(self) -> list[BlockPlan]:
        return [BlockPlan(self.residents, self.seed, self.today, number) for number in range(self.blocks)]

    def each_block(self) -> Iterator[Block]:
        """街区を順に: in the order of their numbers, whatever the number of worker processes."""
        done = 0
        for plan, block in zip(self.plans(), self._built(), strict=True):
            yield block
            done += plan.size
            if self.progress is not None:
                self.progress(done, self.residents)

    def _built(self) -> Iterator[Block]:
        if self.workers < 1 or self.blocks == 1:
            yield from map(build_block, self.plans())
            return
        # A few blocks ahead of the reader, never all of them: memory stays that of workers + 1 blocks.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.workers, mp_context=spawn) as pool:
            waiting: list[Future[Block]] = []
            rest = iter(self.plans())
            with suppress(StopIteration):
                for _ in range(self.workers + 1):
                    waiting.append(pool.submit(build_block, next(rest)))
            while waiting:
                block = waiting.pop(0).result()
                with suppress(StopIteration):
                    waiting.append(pool.submit(build_block, next(rest)))
                yield block

    def chunks(self, blocks_per_chunk: int = 1) -> Iterator[dict[str, pl.DataFrame]]:
        """表の塊: the tables of some blocks at a time, in stable order.

        The rows do not depend on the size of the chunk.
        """
        kept: list[Block] = []
        for block in self.each_block():
            kept.append(block)
            if len(kept) == blocks_per_chunk or block.number == self.blocks - 1:
                yield {name: pl.concat([each.tables[name] for each in kept]) for name in TABLES}
                kept = []

    def table(self, name: str) -> pl.DataFrame:
        """一つの表の全体 (small cities and tests)."""
        where = "truth" if name in TRUTH else "tables"
        frames: list[pl.DataFrame] = [getattr(block, where)[name] for block in self.each_block()]
        return pl.concat(frames)

    def write_parquet(self, directory: Path) -> dict[str, object]:
        """Parquet に書く: ``tables/`` and, apart, ``truth/``, with manifest.json (rows and SHA-256 of each file).

        A row group holds one block, so the bytes depend on seed, size, day and library versions only.
        """
        files: dict[str, _Writer] = {}
        for block in self.each_block():
            for folder, frames in (("tables", block.tables), ("truth", block.truth)):
                for name, frame in frames.items():
                    path = f"{folder}/{name}.parquet"
                    if path not in files:
                        files[path] = _Writer(directory / path)
                    files[path].write(frame)
        manifest: dict[str, object] = {
            "residents": self.residents,
            "seed": self.seed,
            "today": self.today.isoformat(),
            "block_residents": BLOCK_RESIDENTS,
            "files": {path: writer.close() for path, writer in files.items()},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
        (directory / "manifest.json").write_text(text + "\n", encoding="utf-8")
        return manifest


class _Writer:
    """One Parquet file, a row group at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.rows = 0
        self.writer: pq.ParquetWriter | None = None

    def write(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow()
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self.writer.write_table(table, row_group_size=max(1, frame.height))
        self.rows += frame.height

    def close(self) -> dict[str, object]:
        if self.writer is not None:
            self.writer.close()
        return {"rows": self.rows, "sha256": hashlib.sha256(self.path.read_bytes()).hexdigest()}


def generate(residents: int, seed: int, today: date, progress: Progress | None = None, workers: int = 0) -> City:
    """市を作る: a plausible city of ``residents`` current residents (600 to 6,000,000) as it stands on ``today``."""
    if not SMALLEST <= residents <= LARGEST:
        raise InputError(
            f"人口は{SMALLEST:,}人以上{LARGEST:,}人以下で指定してください",
            field="residents",
            code="out_of_range",
            hint="--residents の値を直してください。",
        )
    if seed < 0:
        raise InputError(
            "シードは0以上の整数で指定してください",
            field="seed",
            code="out_of_range",
            hint="--seed の値を直してください。",
        )
    return City(residents, seed, today, progress, workers)
