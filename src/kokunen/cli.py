"""kokunen コマンド: the city hall from the command line.

Exit status: 0 well, 1 the answer is no (a check failed), 2 wrong usage, 3 some input was refused. With ``--json`` a
command prints one JSON document on standard output and nothing else; progress and messages go to standard error.
"""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from kokunen.commands import (
    accounts,
    assessment,
    backup,
    batch_master,
    bench,
    city,
    city_hall,
    counterpart,
    coverage,
    fault_run,
    invariants,
    jobs,
    ledger,
    report,
    rules,
)
from kokunen.commands.console import ANSWER_IS_NO, INPUT_REFUSED, WRONG_USAGE
from kokunen.kernel.errors import InputError, KokunenError


class _House(TyperGroup):
    """Tells a refusal of the program in its own words instead of a stack trace."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KokunenError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(_exit_status(error)) from None
        except Exception as error:
            if not _is_lost_database(error):
                raise
            print(
                "データベースにつながりません。市役所が動いているか kokunen status で確かめてください。",
                file=sys.stderr,
            )
            raise typer.Exit(ANSWER_IS_NO) from None


def _exit_status(error: KokunenError) -> int:
    if not isinstance(error, InputError):
        return ANSWER_IS_NO
    # A wrong variable of the environment is wrong usage; what a service refuses is input of the office.
    return WRONG_USAGE if error.field.startswith("KOKUNEN_") else INPUT_REFUSED


def _is_lost_database(error: Exception) -> bool:
    """True for psycopg's and Django's OperationalError, told by name: neither is imported for that."""
    kind = type(error)
    return kind.__name__ == "OperationalError" and kind.__module__.split(".")[0] in ("django", "psycopg")


app = typer.Typer(
    name="kokunen",
    cls=_House,
    help="国年: 市役所の国民年金事務とその周りの仕組みを動かす。",
    epilog="終了状態: 0 正常、1 検査の答えが「否」、2 使い方の誤り、3 受け付けられない入力があった。",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

city_hall.add_commands(app)
accounts.add_commands(app)
rules.add_commands(app)
coverage.add_commands(app)
counterpart.add_commands(app)
bench.add_commands(app)
invariants.add_commands(app)
backup.add_commands(app)
fault_run.add_commands(app)
app.add_typer(city.app, name="city")
app.add_typer(ledger.app, name="ledger")
app.add_typer(assessment.app, name="assessment")
app.add_typer(report.app, name="report")
app.add_typer(batch_master.app, name="batch-master")
app.add_typer(jobs.app, name="jobs")


if __name__ == "__main__":
    app()
