"""課税資料の登録: one by one at the counter, corrected or withdrawn by a document of its own, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.law.rules.resident_tax.facts import OUTSIDE
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.choices import DocumentKind
from kokunen.resident_tax.layouts import FACTS_BY_NAME, SIGNED
from kokunen.resident_tax.models import TaxDocument, WithholdingAgent
from kokunen.resident_tax.services.common import USING, lock_person, one_case

MOST = 999_999_999_999


@one_case("課税資料の登録")
def enter(
    *,
    atena_number: str,
    tax_year: int,
    kind: DocumentKind,
    figures: Mapping[str, Any],
    received_on: date,
    context: AccessContext,
    payer_number: str = "",
    main: bool = False,
    retired: bool = False,
    includes_previous: bool = False,
    replaces: int | None = None,
) -> TaxDocument:
    """資料1件を登録する; ``replaces`` names the document that it corrects. Raises InputError or Conflict in words."""
    lock_person(atena_number)
    if resident_view.find(atena_number) is None:
        raise InputError(
            "この宛名番号の方は見つかりません", field="atena_number", code="not_found",
            hint="検索からやり直すか、住登外の登録を確認してください。",
        )  # fmt: skip
    stated = checked(figures)
    if kind == DocumentKind.SALARY_REPORT and not WithholdingAgent.objects.filter(pk=payer_number).exists():
        raise InputError(
            "この指定番号の特別徴収義務者は登録されていません", field="payer_number", code="not_found",
            hint="指定番号を確かめるか、特別徴収義務者を登録してください。",
        )  # fmt: skip
    flags = {"main": main, "retired": retired, "includes_previous": includes_previous}
    document = TaxDocument.objects.create(
        tax_year=tax_year, atena_number=atena_number, kind=kind, payer_number=payer_number, received_on=received_on,
        figures=stated, fingerprint=fingerprint(atena_number, kind, payer_number, stated, flags, replaces),
        replaces_id=replaces, entered_at=clock.now(), entered_by=context.staff_number, **flags,
    )  # fmt: skip
    _entry(document, context, Act.CORRECT if replaces else Act.REGISTER)
    return document


@one_case("課税資料の取消")
def withdraw(*, document_id: int, context: AccessContext) -> TaxDocument:
    """資料を取り消す: by a document of its own; the old one stays readable."""
    old = TaxDocument.objects.filter(pk=document_id).first()
    if old is None:
        raise InputError("この資料はありません", field="document", code="not_found", hint="一覧を開き直してください。")
    document = TaxDocument.objects.create(
        tax_year=old.tax_year, atena_number=old.atena_number, kind=old.kind, payer_number=old.payer_number,
        received_on=clock.today(), figures=old.figures, replaces=old, withdrawn=True,
        fingerprint=hashlib.sha256(f"withdrawn {old.pk}".encode()).hexdigest(),
        entered_at=clock.now(), entered_by=context.staff_number,
    )  # fmt: skip
    _entry(document, context, Act.CANCEL)
    return document


def checked(figures: Mapping[str, Any]) -> dict[str, Any]:
    """内容の検査: facts of the law only, amounts that can be; empty ones are left out. Raises InputError."""
    stated: dict[str, Any] = {}
    for name, value in figures.items():
        fact = FACTS_BY_NAME.get(name)
        if fact is None:
            raise InputError(
                f"{OUTSIDE.get(name, name)}はこのシステムでは計算しません", field=name, code="unknown_field",
                hint="手計算の対象として係長に引き継いでください。",
            )  # fmt: skip
        if value is None or value == "":
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            least = -MOST if name in SIGNED else 0
            if not least <= value <= MOST:
                limit = "0以上" if least == 0 else "-999,999,999,999以上"
                raise InputError(
                    f"{fact.label_ja}は{limit}999,999,999,999以下の円で入力してください（入力値: {value:,}）",
                    field=name, code="out_of_range",
                )  # fmt: skip
        stated[name] = value.isoformat() if isinstance(value, date) else value
    return stated


def fingerprint(
    atena_number: str,
    kind: str,
    payer_number: str,
    figures: Mapping[str, Any],
    flags: Mapping[str, bool],
    replaces: int | None = None,
) -> str:
    """内容の要約値: the same paper entered twice has the same one."""
    content = [atena_number, str(kind), payer_number, dict(figures), dict(flags), replaces]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _entry(document: TaxDocument, context: AccessContext, act: Act) -> None:
    record(
        USING, context, act=act, dataset=f"課税資料（{document.get_kind_display()}）",
        atena_numbers=[document.atena_number], items=("R10 所得情報",), detail={"tax_year": document.tax_year},
    )  # fmt: skip
