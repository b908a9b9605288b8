"""ファイルの受付: whatever comes is judged, and the last good generation stays in force until a better one is whole.

* short of rows, wrong hash, unreadable: refused, with the reason;
* a number that was taken before: skipped; older than the full file in force: skipped;
* a difference whose predecessor is missing: held until it comes, then applied in order;
* a full file with far fewer rows than are in force (30 %): held until an officer who has asked the supplier takes it;
* a wrong row: put on the error list, the others go on; too many of them: the whole file is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import connection, transaction

from kokunen.common_platform.integration.files.agreements import Agreement
from kokunen.common_platform.integration.files.formats import DIFFERENCE, FULL, Control, FileName, read_rows
from kokunen.common_platform.integration.models import FileState, HandedOverRow, LinkageFile
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record


def take_folder(folder: Path, agreement: Agreement) -> list[LinkageFile]:
    """置場を見る: files with a control file, by number; what was held for one of them follows it."""
    waiting = [path for path in folder.glob("*.csv") if path.with_suffix(".ctl").exists()]
    taken = []
    for path in sorted(waiting, key=lambda one: one.name.rsplit("_", 1)[-1]):
        name = FileName.parse(path.name)
        if (name.supplier, name.dataset) == (agreement.supplier, agreement.dataset):
            taken.append(take(path, agreement))
    return taken


def take(path: Path, agreement: Agreement) -> LinkageFile:
    """ファイルを受け付ける: judged and, if it is good, in force; the answer is its line in the log."""
    name = FileName.parse(path.name)
    if (name.supplier, name.dataset) != (agreement.supplier, agreement.dataset):
        raise InputError("この取決めのファイルではありません", "name", hint="提供側とデータの名前を確かめてください。")
    with transaction.atomic():
        _alone(agreement)
        file = _take(path, name, agreement)
        if file.state in (FileState.APPLIED, FileState.WARNING):
            _follow(path.parent, agreement)
    return file


def ask_release(file_id: int, *, words: str, context: AccessContext) -> LinkageFile:
    """保留の解除を申し出る: an officer has asked the supplier and says what was answered; another one decides."""
    if not words.strip():
        raise InputError(
            "提供側に確かめた内容を入力してください", "words", "missing_field", "誰に、いつ、何を確かめたかを書きます。"
        )
    with transaction.atomic():
        held = _held(file_id, (FULL,))
        held.asked_by, held.asked_words, held.asked_at = context.staff_number, words.strip()[:200], clock.now()
        held.save()
        _entry(context, held, "保留の解除の申出", held.rows)
    return held


def release(file_id: int, path: Path, agreement: Agreement, *, context: AccessContext) -> LinkageFile:
    """保留を解く: another officer than the one who has asked for it takes the generation that looked too small.

    The file must still be the one that was judged. Raises Conflict.
    """
    with transaction.atomic():
        _alone(agreement)
        held = _held(file_id, (FULL,))
        if not held.asked_by:
            raise Conflict("解除の申出がありません", "file", hint="提供側に確かめた内容を書いて、申し出てください。")
        if held.asked_by == context.staff_number:
            raise Conflict("承認は、申し出た職員とは別の職員が行います", "file", "two_officers")
        if not path.exists() or Control.read(path.with_suffix(".ctl")).sha256 != held.sha256:
            raise Conflict("受け付けたときのファイルではありません", "file", hint="提供側に送り直しを頼んでください。")
        good, _ = _sorted_out(_rows(path, agreement), agreement)
        held.released_by, held.reason = context.staff_number, ""
        _apply(held, good, agreement)
        _entry(context, held, "保留の解除", len(good))
        _follow(path.parent, agreement)
    return held


def refuse(file_id: int, *, words: str, context: AccessContext) -> LinkageFile:
    """保留のファイルを断る: the last good generation stays; the supplier is to send another one."""
    if not words.strip():
        raise InputError("断る理由を入力してください", "words", "missing_field", "提供側に伝える理由を書きます。")
    with transaction.atomic():
        held = _held(file_id, (FULL, DIFFERENCE))
        held.state, held.released_by = FileState.REFUSED, context.staff_number
        held.reason = f"職員が断りました: {words.strip()}"[:300]
        held.save()
        _entry(context, held, "保留のファイルの拒否", held.rows)
    return held


def note_unreadable(path: Path, agreement: Agreement, reason: str) -> LinkageFile:
    """名前の形か宛先の違うファイル: a line in the log, so that it is seen."""
    file = LinkageFile(
        supplier=agreement.supplier, dataset=agreement.dataset, name=path.name[:120], kind="-", seq=0, sha256=""
    )
    return _note(file, FileState.REFUSED, reason)


def rows_in_force(supplier: str, dataset: str) -> int:
    """今の世代の件数"""
    return HandedOverRow.objects.filter(supplier=supplier, dataset=dataset).count()


# ---- judging ---------------------------------------------------------------------------------------------------------


def _take(path: Path, name: FileName, agreement: Agreement) -> LinkageFile:
    file = LinkageFile(
        supplier=name.supplier, dataset=name.dataset, name=path.name, kind=name.kind, seq=name.seq, sha256=""
    )
    if reason := _needless(name):
        return _note(file, FileState.SKIPPED, reason)
    try:
        file.sha256 = Control.read(path.with_suffix(".ctl")).sha256
        rows = _rows(path, agreement)
    except InputError as refused:
        return _note(file, FileState.REFUSED, refused.message)
    file.rows = len(rows)
    good, file.row_errors = _sorted_out(rows, agreement)
    if len(file.row_errors) > max(0, len(rows) * agreement.most_errors) and len(file.row_errors) > 1:
        return _note(file, FileState.REFUSED, f"誤りの行が {len(file.row_errors)} 件あり、上限を超えています")
    if name.kind == FULL:
        file.compared = _compare(good, agreement)
        before = rows_in_force(name.supplier, name.dataset)
        if before and len(good) < before * agreement.fewest:
            fewer = round((1 - len(good) / before) * 100)
            return _hold(file, f"件数が今の世代より {fewer}% 少ないため保留しました（{before} 件 → {len(good)} 件）")
    elif (missing := _next_number(name)) != name.seq:
        return _hold(file, f"通番 {missing} が届くまで保留します")
    file.state = FileState.WARNING if file.row_errors else FileState.APPLIED
    file.reason = f"誤りの行 {len(file.row_errors)} 件を除きました" if file.row_errors else ""
    LinkageFile.objects.filter(
        supplier=name.supplier, dataset=name.dataset, seq=name.seq, state=FileState.HELD
    ).delete()
    file.save()
    _apply(file, good, agreement)
    record(
        "default",
        system_context("integration.files"),
        act=Act.LOAD,
        dataset=f"ファイル連携 {agreement.dataset}",
        count=len(good),
        detail={"file": file.name},
    )
    return file


def _needless(name: FileName) -> str:
    """Why a file need not be looked at; "" when it must."""
    taken = LinkageFile.objects.filter(
        supplier=name.supplier, dataset=name.dataset, state__in=(FileState.APPLIED, FileState.WARNING)
    )
    if taken.filter(seq=name.seq).exists():
        return f"通番 {name.seq} は反映済みです（同じファイルの再送）"
    newest = taken.order_by("-seq").first()
    if newest is not None and name.seq < newest.seq:
        return f"通番 {newest.seq} まで反映済みのため、古いファイルは使いません"
    return ""


def _next_number(name: FileName) -> int:
    newest = (
        LinkageFile.objects.filter(
            supplier=name.supplier, dataset=name.dataset, state__in=(FileState.APPLIED, FileState.WARNING)
        )
        .order_by("-seq")
        .first()
    )
    return 1 if newest is None else newest.seq + 1


def _rows(path: Path, agreement: Agreement) -> list[dict[str, str]]:
    return read_rows(path.read_bytes(), Control.read(path.with_suffix(".ctl")), agreement.columns)


def _sorted_out(
    rows: Sequence[dict[str, str]], agreement: Agreement
) -> tuple[list[dict[str, str]], list[dict[str, object]]]:
    """Good rows, and the numbers of the lines that are not with the reason (never their content)."""
    good, wrong, seen = [], [], set[str]()
    for number, row in enumerate(rows, start=2):
        key = agreement.key_of(row)
        reason = "同じ鍵の行が前にあります" if key in seen else agreement.judge(row)
        if reason:
            wrong.append({"line": number, "reason": reason})
        else:
            seen.add(key)
            good.append(row)
    return good, wrong


def _compare(rows: Sequence[dict[str, str]], agreement: Agreement) -> dict[str, int]:
    held = dict(
        HandedOverRow.objects.filter(supplier=agreement.supplier, dataset=agreement.dataset).values_list("key", "items")
    )
    new = {agreement.key_of(row): row for row in rows}
    return {
        "added": len(new.keys() - held.keys()),
        "dropped": len(held.keys() - new.keys()),
        "changed": sum(held[key] != row for key, row in new.items() if key in held),
    }


def _held(file_id: int, kinds: Sequence[str]) -> LinkageFile:
    found = LinkageFile.objects.select_for_update().filter(pk=file_id).first()
    if found is None or found.state != FileState.HELD or found.kind not in kinds:
        raise Conflict("保留中のファイルではありません", "file", hint="一覧を読み直してください。")
    return found


def _entry(context: AccessContext, file: LinkageFile, what: str, count: int) -> None:
    record(
        "default",
        context,
        act=Act.LOAD,
        dataset=f"ファイル連携 {file.dataset}",
        count=count,
        detail={"file": file.name, "what": what},
    )


def _note(file: LinkageFile, state: FileState, reason: str) -> LinkageFile:
    file.state, file.reason = state, reason[:300]
    file.save()
    return file


def _hold(file: LinkageFile, reason: str) -> LinkageFile:
    known = LinkageFile.objects.filter(
        supplier=file.supplier, dataset=file.dataset, seq=file.seq, state=FileState.HELD
    ).first()
    return known or _note(file, FileState.HELD, reason)


# ---- taking into force -----------------------------------------------------------------------------------------------


def _apply(file: LinkageFile, rows: Sequence[dict[str, str]], agreement: Agreement) -> None:
    """A full file replaces all, a difference adds and changes (an empty row but for its key takes away)."""
    if file.state == FileState.HELD:
        file.state = FileState.WARNING if file.row_errors else FileState.APPLIED
        file.save()
    table = HandedOverRow.objects.filter(supplier=agreement.supplier, dataset=agreement.dataset)
    if file.kind == FULL:
        table.delete()
        LinkageFile.objects.filter(
            supplier=file.supplier, dataset=file.dataset, seq__lt=file.seq, state=FileState.HELD
        ).update(state=FileState.SKIPPED, reason=f"全件ファイル（通番 {file.seq}）が反映されました")
    gone = [agreement.key_of(row) for row in rows if file.kind != FULL and _is_removal(row, agreement)]
    table.filter(key__in=gone).delete()
    kept = [row for row in rows if file.kind == FULL or not _is_removal(row, agreement)]
    HandedOverRow.objects.bulk_create(
        (
            HandedOverRow(
                supplier=agreement.supplier, dataset=agreement.dataset, key=agreement.key_of(row), items=row, file=file
            )
            for row in kept
        ),
        update_conflicts=True,
        unique_fields=["supplier", "dataset", "key"],
        update_fields=["items", "file"],
        batch_size=2000,
    )


def _is_removal(row: dict[str, str], agreement: Agreement) -> bool:
    return not any(value for name, value in row.items() if name not in agreement.key)


def _follow(folder: Path, agreement: Agreement) -> None:
    """Differences that were held for the number that has just come, in order."""
    held = LinkageFile.objects.filter(supplier=agreement.supplier, dataset=agreement.dataset, state=FileState.HELD)
    for file in held.exclude(kind=FULL).order_by("seq"):
        path, name = folder / file.name, FileName.parse(file.name)
        if _next_number(name) != file.seq or not path.exists():
            return
        _take(path, name, agreement)


def _alone(agreement: Agreement) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext(%s))", [f"kokunen.files.{agreement.supplier}.{agreement.dataset}"]
        )
