"""処理の共通部分: transaction, refusal in the ledger, one writer a person at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, connections, transaction

from kokunen.kernel.errors import Conflict, KokunenError
from kokunen.ledger.recording import record_refusal

USING = "resident_tax"

P = ParamSpec("P")
R = TypeVar("R")

_CONSTRAINT_MESSAGES = {
    "document_entered_once": ("同じ内容の資料がすでに登録されています", "資料の一覧を確認してください。"),
    "document_file_read_once": ("このファイルはすでに取り込まれています", "取込の一覧を確認してください。"),
    "tax_document_replaces_id_key": (
        "この資料はすでに訂正または取消されています",
        "資料の一覧を開き直してください。",
    ),
    "tax_change_two_officers": ("起案した職員は決定できません", "別の職員が決定してください。"),
    "tax_change_one_waits": (
        "この方には承認待ちの更正があります",
        "先に承認または差戻しを行ってください。",
    ),
    "tax_run_one_at_a_time": ("同じ年度の処理が終わっていません", "処理状況の画面で再開してください。"),
    "print_run_one_at_a_time": (
        "同じ年度の同じ帳票の印刷が終わっていません",
        "一括印刷の画面で、続きから印刷してください。",
    ),
    "pension_withholding_one_a_person": (
        "この方はすでに他の年金から特別徴収の対象です",
        "年金特別徴収の一覧を確認してください。",
    ),
    "dependant_claimed_once": (
        "この方はすでに他の納税義務者の扶養になっています",
        "扶養の突合の一覧を確認してください。",
    ),
}


def one_case(dataset: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """処理の枠: one transaction of the section; a refusal is entered in the ledger and goes on to the officer."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic(using=USING):
                    return function(*args, **kwargs)
            except IntegrityError as error:
                told = explained(error)
                _refuse(kwargs, dataset, told)
                raise told from error
            except KokunenError as error:
                _refuse(kwargs, dataset, error)
                raise

        return run

    return decorate


def _refuse(kwargs: dict[str, Any], dataset: str, error: KokunenError) -> None:
    context = kwargs.get("context")
    if context is None:
        return
    atena = kwargs.get("atena_number")
    record_refusal(
        context,
        dataset=dataset,
        reason=error.message,
        atena_numbers=(str(atena),) if atena else (),
        detail={"code": error.code, "field": error.field},
    )


def explained(error: IntegrityError) -> KokunenError:
    """制約違反の説明: the database's refusal in words; a constraint without words is told by its name."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", "") or ""
    message, hint = _CONSTRAINT_MESSAGES.get(
        name, (f"記録の決まりに合わないため登録できません（{name}）", "入力を確認してください。")
    )
    return Conflict(message, code=name, hint=hint)


def lock_person(atena_number: str) -> None:
    """1人ずつ: until the end of the transaction nobody else writes about this person's tax."""
    with connections[USING].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"resident_tax.person.{atena_number}"])
