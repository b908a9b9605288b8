"""バッチマスタ (S3-3): the integrated database as it stood at one moment, as dated columnar files for batch work.

The task, step by step:

1. `services.take_snapshot` reads every published table inside one repeatable-read transaction, so that all of them show
   the same moment, and writes one Parquet file a dataset (`taking`). Rows and version totals are compared with the
   source before the generation is READY; a manifest holds rows, hashes, columns and the feed number of each dataset.
2. A batch opens the latest READY generation by its own name and run (`readers.open_snapshot`). The pair (batch, run)
   keeps its generation for ever: a rerun sees the same city, also when a newer generation is there by then.
3. A subsystem gets the columns that its `linkage.py` declares and the assessment allows, and no others; each opening
   stands in the ledger.
4. At least seven generations are kept; one that a batch still holds is never removed (`services.retire_old`).

The files are written by a login of their own that may read `integrated` and nothing else (config/subsystems.py):
no screen of the city holds its password.
"""
