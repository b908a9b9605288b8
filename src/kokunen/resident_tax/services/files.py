"""課税資料のファイル取込: every record is checked; good ones go in together, faults are listed with number and reason.

The file is read whole in one transaction: a wrong layout or encoding refuses it before anything is kept. A record that
is already known counts as known, so a second run of a file, or of one that overlaps, changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.names import search_key
from kokunen.kernel.numbers import AtenaNumber
from kokunen.kernel.wareki import parse_date
from kokunen.law.rules import resident_tax as law
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.choices import DocumentKind
from kokunen.resident_tax.layouts import SIGNED, LayoutColumn, layouts
from kokunen.resident_tax.models import TaxDocument, TaxDocumentFault, TaxDocumentFile, WithholdingAgent
from kokunen.resident_tax.services.common import USING, one_case
from kokunen.resident_tax.services.documents import MOST, fingerprint

_NUMBER = re.compile(r"-?[0-9]{1,15}")
_LARGEST = 64 * 1024 * 1024


@dataclass(slots=True)
class _Record:
    """レコード: as read, with its faults."""

    number: int
    atena: str = ""
    kana: str = ""
    birth: date | None = None
    payer: str = ""
    figures: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


@one_case("課税資料のファイル取込")
def take_in(*, content: bytes, name: str, tax_year: int, kind: DocumentKind, context: AccessContext) -> TaxDocumentFile:
    """ファイルを取り込む; the same file again gives the entry of the first time."""
    digest = hashlib.sha256(content).hexdigest()
    before = TaxDocumentFile.objects.filter(tax_year=tax_year, kind=kind, sha256=digest).first()
    if before is not None:
        return before
    records = [_record(number, row, layouts()[kind]) for number, row in _rows(content, layouts()[kind])]
    _match_people(records)
    if kind == DocumentKind.SALARY_REPORT:
        _check_payers(records)
    _check_sums(records, tax_year)
    good = [one for one in records if not one.faults]
    prints = {fingerprint(one.atena, kind, one.payer, one.figures, _flags(one)): one for one in good}
    known = set(
        TaxDocument.objects.filter(tax_year=tax_year, fingerprint__in=list(prints)).values_list(
            "fingerprint", flat=True
        )
    )
    new = {print_: one for print_, one in prints.items() if print_ not in known}
    file = TaxDocumentFile.objects.create(
        tax_year=tax_year, kind=kind, name=name[:200], sha256=digest, records=len(records), taken=len(new),
        known=len(good) - len(new), refused=len(records) - len(good), read_at=clock.now(),
        read_by=context.staff_number,
    )  # fmt: skip
    TaxDocument.objects.bulk_create(
        [
            TaxDocument(
                tax_year=tax_year, atena_number=one.atena, kind=kind, payer_number=one.payer,
                received_on=clock.today(), figures=one.figures, fingerprint=print_, file=file,
                entered_at=file.read_at, entered_by=context.staff_number, **_flags(one),
            )
            for print_, one in new.items()
        ],
        batch_size=5_000,
    )  # fmt: skip
    TaxDocumentFault.objects.bulk_create(
        [
            TaxDocumentFault(file=file, record_number=one.number, column=column, reason=reason[:300])
            for one in records
            for column, reason in one.faults
        ],
        batch_size=5_000,
    )
    record(
        USING, context, act=Act.LOAD, dataset=f"課税資料の取込（{kind.label}）", count=len(new),
        items=("R10 所得情報",), detail={"tax_year": tax_year, "sha256": digest},
    )  # fmt: skip
    return file


def _flags(one: _Record) -> dict[str, bool]:
    return {name: one.flags.get(name, False) for name in ("main", "retired", "includes_previous")}


def _rows(content: bytes, columns: Sequence[LayoutColumn]) -> list[tuple[int, dict[str, str]]]:
    if len(content) > _LARGEST:
        raise InputError("ファイルは64MBまでです", field="file", code="out_of_range", hint="分けて取り込んでください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Conflict("文字コードを読み取れません", code="wrong_encoding", hint="UTF-8かシフトJISで保存してください。")
    reader = csv.reader(io.StringIO(text))
    heads = [column.head for column in columns]
    found = next(reader, [])
    if missing := [head for head in heads if head not in found]:
        raise Conflict(
            f"ファイルの並びが違います。見出しがありません: {'、'.join(missing)}", code="wrong_layout",
            hint=f"見出しは次のとおりです: {'、'.join(heads)}",
        )  # fmt: skip
    return [(number, dict(zip(found, row, strict=False))) for number, row in enumerate(reader, start=1) if any(row)]


def _record(number: int, row: dict[str, str], columns: Sequence[LayoutColumn]) -> _Record:
    one = _Record(number)
    for column in columns:
        text = row.get(column.head, "").strip()
        if not text:
            if column.required:
                one.faults.append((column.head, f"{column.head}がありません"))
            continue
        if column.kind == "outside":
            if text not in ("0", ""):
                one.faults.append((column.head, f"{column.head}はこのシステムでは計算しません。手計算してください"))
            continue
        try:
            _put(one, column, text)
        except InputError as error:
            one.faults.append((column.head, error.message))
    return one


def _put(one: _Record, column: LayoutColumn, text: str) -> None:
    if column.kind == "atena":
        one.atena = AtenaNumber.parse(text, lenient=True).value
    elif column.kind == "kana":
        one.kana = search_key(text)
    elif column.kind == "date":
        one.birth = parse_date(text, clock.today())
    elif column.kind in ("payer", "payer_code"):
        one.payer = text[:10]
    elif column.kind == "flag":
        if text not in ("0", "1"):
            raise InputError(f"{column.head}は0か1で書いてください（{text}）")
        one.flags[column.column] = text == "1"
    else:
        plain = text.replace(",", "")
        if not _NUMBER.fullmatch(plain):
            raise InputError(f"{column.head}は円の数字で書いてください（{text[:20]}）")
        value = int(plain)
        if not (-MOST if column.fact in SIGNED else 0) <= value <= MOST:
            raise InputError(f"{column.head}の額が範囲の外です（{value:,}）")
        (one.checks if column.check else one.figures)[column.check or column.fact] = value


def _match_people(records: Sequence[_Record]) -> None:
    """本人の特定: by 宛名番号, else by reading and birth date when just one person has them."""
    numbers = resident_view.by_numbers({one.atena for one in records if one.atena})
    pairs = [(one.kana, one.birth) for one in records if not one.atena and one.kana and one.birth]
    by_name = resident_view.by_kana_and_birth(pairs) if pairs else {}
    for one in records:
        if one.atena:
            if one.atena not in numbers:
                one.faults.append(("宛名番号", "この宛名番号の方は見つかりません"))
            continue
        found = by_name.get((one.kana, one.birth), []) if one.birth else []
        if len(found) == 1:
            one.atena = found[0]
        else:
            what = "本人が見つかりません" if not found else f"同じ氏名カナ・生年月日の方が{len(found)}人います"
            one.faults.append(("氏名カナ", f"{what}。宛名番号を書いてください"))


def _check_payers(records: Sequence[_Record]) -> None:
    known = set(WithholdingAgent.objects.filter(pk__in={one.payer for one in records}).values_list("number", flat=True))
    for one in records:
        if one.payer and one.payer not in known:
            one.faults.append(("指定番号", f"特別徴収義務者が登録されていません（{one.payer}）"))


def _check_sums(records: Sequence[_Record], tax_year: int) -> None:
    """収入と所得の突合: 給与所得控除後の金額 must be what the table gives for the receipts."""
    told = [one for one in records if "salary_income" in one.checks and "salary_receipts" in one.figures]
    if not told:
        return
    frame = pl.DataFrame({"salary_receipts": [one.figures["salary_receipts"] for one in told]}).with_columns(
        birth_date=pl.lit(date(1980, 1, 1))
    )
    right = law.assess(frame, None, tax_year, ["salary_income_by_table"]).get_column("salary_income_by_table")
    for one, value in zip(told, right, strict=True):
        if one.checks["salary_income"] != value:
            stated = one.checks["salary_income"]
            reason = f"支払金額から求めた額と合いません（正: {value:,}、記載: {stated:,}）"
            one.faults.append(("給与所得控除後の金額", reason))
