"""年次の削除: preview, hold, approval by another person, deletion, certificate; and nobody comes back.

The candidates are fixed on a day and stand with the run until it is over. The store deletes just the candidates of a
run that its database sees approved. What remains is a certificate with counts and hashes, and for each person a token
made with a key outside the database: by it a late message and a restored backup are recognised.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards import seals
from kokunen.common_platform.safeguards.models import DeletionCandidate, RegisterEntry, RegisterStep
from kokunen.common_platform.safeguards.procedures import get_procedure
from kokunen.common_platform.safeguards.rules import get_rule
from kokunen.common_platform.safeguards.services.register import ALIAS, act, get_intact, open_entry, state_of
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.custody import second_custodian
from kokunen.ledger.recording import record

KIND, APPROVED = "deletion", "承認"
_LOG = "deletions.jsonl"


def preview(rule_code: str, *, as_of: date, context: AccessContext) -> RegisterEntry:
    """候補を確定する: everybody whose retention is over and who is not on hold. Raises InputError when nobody is."""
    found = list(get_rule(rule_code).candidates(as_of))
    return _open(
        rule_code, found, as_of=as_of, title=f"{get_rule(rule_code).label} {format_wareki(as_of)}", context=context
    )


def held_people(numbers: Iterable[str]) -> set[str]:
    """保留中の人 among these."""
    procedure, held = get_procedure("hold"), set[str]()
    for entry in RegisterEntry.objects.filter(kind="hold", atena_number__in=list(numbers)):
        _entry, steps = get_intact(entry.number)
        if state_of(procedure, steps) == procedure.first:
            held.add(entry.atena_number)
    return held


def execute(number: str, *, context: AccessContext) -> RegisterStep:
    """削除する: the approved run, once. Raises Conflict when it is not approved or somebody came on hold meanwhile."""
    entry, steps = get_intact(number)
    if entry.kind != KIND or state_of(get_procedure(KIND), steps) != APPROVED:
        raise Conflict("承認された年次の削除ではありません", hint="候補を確定し、別の職員の承認を得てください。")
    numbers = list(entry.candidates.order_by("atena_number").values_list("atena_number", flat=True))
    if digest_of(numbers) != entry.content["digest"]:
        raise Conflict("候補が、承認のときと違います", code="altered", hint="取りやめて、候補を確定し直してください。")
    if held := held_people(numbers):
        raise Conflict(f"承認の後に保留された人が{len(held)}人います", hint="取りやめて、候補を確定し直してください。")
    tokens = sorted(token_of(one) for one in numbers)
    _keep_outside(number, tokens)
    rows = dict(get_rule(str(entry.content["rule"])).delete(number))
    with transaction.atomic(using=ALIAS):
        record(
            ALIAS,
            context.for_case(number),
            act=Act.CANCEL,
            dataset="年次の削除（証明書）",
            count=len(numbers),
            detail={"people": len(numbers), "rows": rows, "tokens": digest_of(tokens)},
        )
        step = act(number, "execute", context=context, by_program=True)
        DeletionCandidate.objects.filter(entry=entry).delete()
    return step


def certificate(number: str) -> dict[str, Any]:
    """削除の証明書: counts and hashes of what was deleted, from the ledger's own entry; nobody's number."""
    from django.db import connections

    with connections["ledger"].cursor() as cursor:
        cursor.execute(
            "select recorded_at, staff_number, detail from entry where case_id = %s and dataset = %s",
            [number, "年次の削除（証明書）"],
        )
        row = cursor.fetchone()
    if row is None:
        raise InputError("この削除の証明書はまだありません", field="number")
    detail = json.loads(row[2]) if isinstance(row[2], str) else row[2]
    return {"number": number, "deleted_at": row[0], "staff_number": row[1], **detail}


def token_of(atena_number: str) -> str:
    """消した人の印: nobody finds the person by it without the key."""
    return hmac.new(seals.key_for("deleted person"), atena_number.encode(), hashlib.sha256).hexdigest()


def digest_of(lines: Iterable[str]) -> str:
    """指紋 of a list in its order."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def reopen_after_restore(rule_code: str) -> RegisterEntry | None:
    """復旧後の再削除: people that a restored backup brought back become candidates again; None when there are none."""
    gone = _kept_outside()
    back = [number for number in get_rule(rule_code).present() if token_of(number) in gone]
    if not back:
        return None
    pending = RegisterEntry.objects.filter(kind=KIND, content__digest=digest_of(sorted(back))).exclude(
        steps__action__in=("execute", "cancel")
    )
    if found := pending.first():
        return found
    context = system_context("deletion-after-restore", "administration")
    return _open(rule_code, back, as_of=clock.today(), title="復旧で戻った人の再削除", context=context)


def _open(rule_code: str, numbers: list[str], *, as_of: date, title: str, context: AccessContext) -> RegisterEntry:
    held = held_people(numbers)
    kept = sorted(set(numbers) - held)
    if not kept:
        raise InputError(f"削除の候補はありません（保留 {len(held)}人）", field="as_of")
    content = {"rule": rule_code, "as_of": as_of, "people": len(kept), "held": len(held), "digest": digest_of(kept)}
    with transaction.atomic(using=ALIAS):
        entry = open_entry(KIND, title=title, content=content, context=context, by_program=True)
        DeletionCandidate.objects.bulk_create(DeletionCandidate(entry=entry, atena_number=one) for one in kept)
    return entry


def _place() -> Path:
    return second_custodian().folder / _LOG


def _keep_outside(number: str, tokens: list[str]) -> None:
    """The second custodian keeps the tokens, where a rollback of the database does not reach."""
    with _place().open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps({"number": number, "tokens": tokens}) + "\n")


def _kept_outside() -> set[str]:
    place = _place()
    if not place.exists():
        return set()
    return {token for line in place.read_text(encoding="utf-8").splitlines() for token in json.loads(line)["tokens"]}
