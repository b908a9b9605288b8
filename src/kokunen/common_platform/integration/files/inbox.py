"""受付箱と送付箱: files that lie in the agreed folder are taken up by a net of their own, without anybody asking.

    KOKUNEN_DATA/linkage/in/{取決め}/     what has come, and what is held
    KOKUNEN_DATA/linkage/done/{取決め}/   what was judged, under the number of its line in the log
    KOKUNEN_DATA/linkage/out/{取決め}/    what was handed over

Where the storage is shared (object storage, SFTP), the folder is mounted there on every machine that has a worker.
A process that dies in between leaves a file that is judged once more: it is known by then and only put away.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db import transaction

from kokunen.common_platform.integration.files.agreements import IN, OUT, Agreement, agreements, get_agreement
from kokunen.common_platform.integration.files.formats import Control, FileName
from kokunen.common_platform.integration.files.handing_over import hand_over
from kokunen.common_platform.integration.files.taking import note_unreadable, take
from kokunen.common_platform.integration.models import FileState, LinkageFile, SentFile
from kokunen.common_platform.integration.reading import find_view
from kokunen.common_platform.operations import clock, runs
from kokunen.common_platform.operations.executing import StepContext
from kokunen.common_platform.operations.models import NetHold
from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record

TAKING_NET, SENDING_NET = "CPR010", "CPR020"


def folder(direction: str, agreement: Agreement) -> Path:
    """置場: `in`, `done` or `out` of an agreement."""
    from kokunen.config import environment

    return environment.data_dir() / "linkage" / direction / agreement.code


def arrived(agreement: Agreement) -> list[Path]:
    """届いているファイル: whole (their control file is there) and not held, by number."""
    paths = [path for path in folder(IN, agreement).glob("*.csv") if path.with_suffix(".ctl").exists()]
    if not paths:
        return []
    held = set(
        LinkageFile.objects.filter(
            supplier=agreement.supplier, dataset=agreement.dataset, state=FileState.HELD
        ).values_list("name", flat=True)
    )
    return sorted((path for path in paths if path.name not in held), key=lambda one: one.name.rsplit("_", 1)[-1])


def call_for_arrivals() -> bool:
    """届いたら起動する: begins the net that takes files when one has come; an operator's hold is respected."""
    incoming = [one for one in agreements().values() if one.direction == IN]
    if not any(arrived(one) for one in incoming) or NetHold.objects.filter(net=TAKING_NET).exists():
        return False
    try:
        runs.request_run(TAKING_NET, by=runs.SYSTEM)
    except Conflict:
        return False  # one is under way
    return True


def take_arrivals() -> str:
    """届いたファイルの受付: of every agreement; returns counts by state."""
    counts: dict[str, int] = {}
    for agreement in agreements().values():
        if agreement.direction == IN:
            for file in take_inbox(agreement):
                counts[file.get_state_display()] = counts.get(file.get_state_display(), 0) + 1
    return "、".join(f"{state} {count} 件" for state, count in counts.items()) or "届いたファイルはありません"


def take_inbox(agreement: Agreement) -> list[LinkageFile]:
    """一つの取決めの受付: judged by number; whatever is not held goes into `done`."""
    taken = []
    for path in arrived(agreement):
        try:
            FileName.parse(path.name)
            taken.append(take(path, agreement))
        except InputError as refused:
            taken.append(note_unreadable(path, agreement, refused.message))
    put_away(agreement)
    return taken


def put_away(agreement: Agreement) -> None:
    """判定の済んだファイルを移す."""
    done = folder("done", agreement)
    done.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in folder(IN, agreement).glob("*.csv"):
        line = LinkageFile.objects.filter(name=path.name).order_by("-pk").first()
        if line is not None and line.state != FileState.HELD and path.with_suffix(".ctl").exists():
            for part in (path, path.with_suffix(".ctl")):
                part.rename(done / f"{line.pk}.{part.name}")


def send(step: StepContext) -> str:
    """連携ファイルの提供: a full file the first time or when asked for, else what has changed since the last one."""
    agreement = get_agreement(str(step.parameters.get("agreement", "")))
    sent = send_file(
        agreement,
        whole=bool(step.parameters.get("whole")),
        context=system_context("integration.files", "administration"),
    )
    return f"{sent.name} {sent.rows} 件"


def send_file(agreement: Agreement, *, whole: bool, context: AccessContext) -> SentFile:
    """ファイルを提供する: written aside, its line committed, then put where the partner sees it.

    A process that dies before the commit has handed over nothing; one that dies behind it is finished by the next.
    Raises InputError when the assessment does not declare the view of the agreement.
    """
    view = find_view(agreement.view, agreement.dataset) if agreement.direction == OUT else None
    if view is None:
        raise InputError("この取決めで渡せるデータはありません", "agreement", hint="評価書の定めを確かめてください。")
    with transaction.atomic():
        _show(agreement)
        last = SentFile.objects.select_for_update().filter(agreement=agreement.code).order_by("-seq").first()
        seq = 1 if last is None else last.seq + 1
        after = None if whole or last is None else last.upto
        path, upto = hand_over(view, _aside(agreement), user=agreement.user, seq=seq, after=after, context=context)
        rows = Control.read(path.with_suffix(".ctl")).rows
        kind = FileName.parse(path.name).kind
        sent = SentFile.objects.create(
            agreement=agreement.code, seq=seq, kind=kind, name=path.name, rows=rows, upto=upto
        )
    _show(agreement)
    return sent


def _aside(agreement: Agreement) -> Path:
    return folder(OUT, agreement) / ".aside"


def _show(agreement: Agreement) -> None:
    """What is committed becomes visible, its control file last; what is not committed was never handed over."""
    known = set(SentFile.objects.filter(agreement=agreement.code).values_list("name", flat=True))
    for path in sorted(_aside(agreement).glob("*.c*")):  # .csv before .ctl
        if path.with_suffix(".csv").name in known:
            path.rename(folder(OUT, agreement) / path.name)
        else:
            path.unlink()


def erase_old_files() -> str:
    """保存期間を過ぎた連携ファイルの消去: of the done and the handed-over, with an entry in the ledger."""
    erased = 0
    for agreement in agreements().values():
        limit = (clock.now() - timedelta(days=agreement.keep_days)).timestamp()
        for place in ("done", OUT):
            old = [path for path in folder(place, agreement).glob("*.c*") if path.stat().st_mtime < limit]
            for path in old:
                path.unlink()
            erased += len(old)
    if erased:
        with transaction.atomic():
            record(
                "default",
                system_context("integration.files", "administration"),
                act=Act.SYSTEM,
                dataset="連携ファイルの消去",
                count=erased,
            )
    return f"{erased} 個"
