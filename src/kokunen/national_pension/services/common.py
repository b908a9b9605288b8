"""処理の共通部分: transaction, refusal in the ledger, and one writer a person at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, connections, transaction

from kokunen.kernel.errors import Conflict, KokunenError
from kokunen.ledger.access import AccessContext
from kokunen.ledger.recording import record_refusal

USING = "national_pension"

P = ParamSpec("P")
R = TypeVar("R")

_CONSTRAINT_MESSAGES = {
    "qualification_no_overlap": (
        "同じ期間の資格がすでに記録されています。1人の資格期間を重ねて記録することはできません",
        "資格の履歴を確認し、必要なら訂正で処理してください。",
    ),
    "qualification_valid_not_empty": ("取得日と喪失日が同じか、逆になっています", "日付を確認してください。"),
    "qualification_loss_explained": ("喪失日と喪失理由は両方を入力してください", "喪失理由を選んでください。"),
    "qualification_act_undone_once": ("この処理はすでに取り消されています", "資格の履歴を確認してください。"),
    "notice_identity_checked": ("本人確認が済んでいないため受理できません", "確認した書類を選んでください。"),
    "receipt_way": ("この受付は、いまの状況からそこへは進められません", "一覧を開き直してください。"),
    "receipt_begins": ("受付は「受付」の状況から始まります", "受付からやり直してください。"),
    "receipt_identity": ("受付番号・届書・対象の方は変えられません", "取り下げて、受け付け直してください。"),
    "receipt_never_removed": ("受付は削除できません", "取下げで終えてください。"),
    "receipt_step_told": ("受付の経過が記録されていません", "もう一度操作してください。"),
    "receipt_papers_there": ("不足している書類があります", "書類を受け取るか、省略の理由を入力してください。"),
    "receipt_done_was_answered": ("送付日と結果のない受付は完了にできません", "報告と結果の取込を先に行ってください。"),
    "receipt_withdrawal_reason": ("取下げの理由を入力してください", "理由を入力してください。"),
    "receipt_second_look": ("受け付けた職員は確認できません", "別の職員が確認してください。"),
    "receipt_entry_no_overlap": ("この受付の記載は、ほかの職員が先に改めました", "画面を開き直してください。"),
    "report_two_officers": (
        "引渡者と立会者は別の職員でなければなりません",
        "もう1人の職員がサインインして署名してください。",
    ),
    "correction_two_officers": ("起案した職員は承認できません", "別の職員が承認してください。"),
    "qualification_act_two_people": ("起案した職員は承認できません", "別の職員が承認してください。"),
    "income_request_once": (
        "この依頼ファイルはすでに読み込み、回答しています",
        "一覧から前の回答を確かめてください。",
    ),
    "exemption_one_kind_a_month": (
        "同じ月の免除がすでに記録されています",
        "免除の期間を確認してください。",
    ),
    "exemption_decision_row_once": ("この申請の裁定結果はすでに記録されています", "履歴を確認してください。"),
    "welfare_notice_once": ("同じ通知がすでに記録されています", "法定免除の候補の一覧を確認してください。"),
    "continuation_case_once": ("この方の継続審査はすでに記録されています", "一覧を開き直してください。"),
    "claim_record_no_overlap": ("この請求の記録は、ほかの職員が先に改めました", "画面を開き直してください。"),
    "outreach_once": ("この年度の勧奨状はすでに作成されています", "一覧を確認してください。"),
    "pension_number_once_a_person": (
        "この基礎年金番号は、この方にすでに記録されています",
        "資格の画面の基礎年金番号を確認してください。",
    ),
    "insured_person_no_overlap": ("被保険者台帳の同じ期間がすでに記録されています", "画面を開き直してください。"),
}


def one_case(dataset: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """処理の枠: run in one transaction of the section; a refusal is entered in the ledger and goes on to the officer.

    The wrapped function takes `context` as a keyword and may take `atena_number`.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            context: Any = kwargs.get("context")
            try:
                with transaction.atomic(using=USING):
                    return function(*args, **kwargs)
            except IntegrityError as error:
                told = explained(error)
                _refuse(context, dataset, told, kwargs)
                raise told from error
            except KokunenError as error:
                _refuse(context, dataset, error, kwargs)
                raise

        return run

    return decorate


def _refuse(context: AccessContext | None, dataset: str, error: KokunenError, kwargs: dict[str, Any]) -> None:
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
    """制約違反の説明: the database's refusal in words; a constraint without words of its own is told by its name."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", "") or ""
    if name in _CONSTRAINT_MESSAGES:
        message, hint = _CONSTRAINT_MESSAGES[name]
        return Conflict(message, code=name, hint=hint)
    return Conflict(f"記録の決まりに合わないため登録できません（{name}）", code=name, hint="入力を確認してください。")


def lock_person(atena_number: str) -> None:
    """1人ずつ: until the end of the transaction nobody else writes about this person."""
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"national_pension.person.{atena_number}"]
        )


@contextmanager
def savepoint() -> Iterator[None]:
    """部分の枠: a refusal by the database inside leaves the transaction usable, and is told in words."""
    try:
        with transaction.atomic(using=USING):
            yield
    except IntegrityError as error:
        raise explained(error) from error
