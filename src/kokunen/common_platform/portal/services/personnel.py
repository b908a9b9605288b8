"""人事ファイル: staff who come, move and leave on a day, from the personnel section's file (CSV, UTF-8).

Columns: 発令日, 発令区分 (採用・異動・退職), 職員番号, 氏名, 氏名カナ, 職員区分, 部署コード, 役割 (codes, separated by
blanks).
The file is looked at as a whole first; it is taken wholly or not at all.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from kokunen.common_platform.portal.choices import Role, StaffCategory
from kokunen.common_platform.portal.models import Office, Posting, Staff
from kokunen.common_platform.portal.services.outbox import outbox_put
from kokunen.common_platform.portal.services.staff import posting_end, staff_take_on, staff_transfer
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.ledger.access import AccessContext

COLUMNS = ("発令日", "発令区分", "職員番号", "氏名", "氏名カナ", "職員区分", "部署コード", "役割")
JOIN, MOVE, LEAVE = "採用", "異動", "退職"
_LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Order:
    """発令: one line; ``fault`` is "" or what is wrong with it."""

    line: int
    on: date | None
    kind: str
    number: str
    name: str
    kana: str
    category: str
    office: str
    roles: tuple[str, ...]
    fault: str = ""


def personnel_read(content: bytes) -> list[Order]:
    """人事ファイルを読む: every line with its fault. Raises InputError when it is no such file at all."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise InputError(
            "CSV（UTF-8）として読めません", "file", hint="文字コードをUTF-8にして保存してください。"
        ) from None
    if not lines or tuple(lines[0]) != COLUMNS:
        raise InputError(f"見出しは {'、'.join(COLUMNS)} の順にしてください", "file", hint="1行目を確かめてください。")
    if len(lines) > _LONGEST:
        raise InputError(f"{_LONGEST}行までの人事ファイルを取り込めます", "file", hint="分けて取り込んでください。")
    offices = set(Office.objects.values_list("code", flat=True))
    known = set(Staff.objects.values_list("number", flat=True))
    orders, seen = [], set[tuple[str, str]]()
    for number, cells in enumerate(lines[1:], start=2):
        order = _order(number, cells)
        fault = order.fault or _fault(order, offices, known)
        if not fault and (order.number, order.kind) in seen:
            fault = "同じ職員の同じ発令が前の行にあります"
        seen.add((order.number, order.kind))
        orders.append(replace(order, fault=fault))
    return orders


def _order(line: int, cells: Sequence[str]) -> Order:
    if len(cells) != len(COLUMNS):
        return Order(line, None, "", "", "", "", "", "", (), fault=f"項目が{len(COLUMNS)}個ではありません")
    day, kind, number, name, kana, category, office, roles = (cell.strip() for cell in cells)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return Order(
            line, None, kind, number, name, kana, category, office, (), fault=f"発令日「{day}」が日付ではありません"
        )
    return Order(line, on, kind, number, name, kana, category, office, tuple(roles.split()))


def _fault(order: Order, offices: set[str], known: set[str]) -> str:
    if order.kind not in (JOIN, MOVE, LEAVE):
        return f"発令区分「{order.kind}」は 採用・異動・退職 のどれかにしてください"
    if order.kind == JOIN and order.number in known:
        return f"職員番号 {order.number} は既に使われています"
    if order.kind != JOIN and order.number not in known:
        return f"職員番号 {order.number} の職員はいません"
    if order.kind == LEAVE:
        return ""
    if order.office not in offices:
        return f"部署コード「{order.office}」はありません"
    if not order.roles or set(order.roles) - {str(role) for role in Role}:
        return f"役割「{' '.join(order.roles)}」に、ないものがあります"
    if order.kind == JOIN and (not order.name or not order.kana):
        return "採用には氏名と氏名カナが要ります"
    if order.kind == JOIN and order.category not in StaffCategory.labels:
        return f"職員区分「{order.category}」はありません"
    return ""


def personnel_take(orders: Sequence[Order], *, administrator: Staff, context: AccessContext) -> dict[str, int]:
    """人事ファイルを取り込む: wholly or not at all; first passwords go sealed to the administrator's outbox."""
    if faulty := [order for order in orders if order.fault]:
        raise InputError(f"{faulty[0].line}行目: {faulty[0].fault}", "file", hint="直してから取り込み直してください。")
    done = {JOIN: 0, MOVE: 0, LEAVE: 0}
    passwords: list[tuple[str, str, str]] = []
    with transaction.atomic():
        for order in orders:
            try:
                _carry_out(order, passwords, context)
            except KokunenError as error:
                raise InputError(f"{order.line}行目: {error.message}", "file", hint=error.hint) from None
            done[order.kind] += 1
        if passwords:
            outbox_put(
                administrator,
                kind="file",
                title="新しい職員の最初のパスワード",
                filename="first-passwords.csv",
                content_type="text/csv; charset=utf-8",
                content="".join(f"{number},{name},{word}\r\n" for number, name, word in passwords).encode(),
                context=context,
            )
    return done


def _carry_out(order: Order, passwords: list[tuple[str, str, str]], context: AccessContext) -> None:
    assert order.on is not None
    if order.kind == JOIN:
        word = secrets.token_urlsafe(12)
        staff_take_on(
            number=order.number,
            name=order.name,
            kana=order.kana,
            category=StaffCategory.values[StaffCategory.labels.index(order.category)],
            password=word,
            office_code=order.office,
            roles=order.roles,
            begins_on=order.on,
            context=context,
        )
        passwords.append((order.number, order.name, word))
        return
    staff = Staff.objects.get(number=order.number)
    if order.kind == MOVE:
        staff_transfer(staff, office_code=order.office, roles=order.roles, on=order.on, context=context)
        return
    for posting in Posting.objects.current().filter(staff=staff, valid_period__endswith__isnull=True):
        posting_end(posting, ends_before=order.on, context=context, reason="退職")
