"""障害試験の仕事: what goes on in the city while it is hurt, each act with a note of what it was told.

An act ends well, and then its effect must be there once; or it ends in an error, and then nobody knows: its effect may
be there once or not at all. Every act writes its note before it begins, so that nothing is forgotten.
"""

from __future__ import annotations

import json
import random
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext

EFFECT = "fault-run"
_ANSWER_SECONDS = 20.0
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass
class Tally:
    """控え: by key, how often an act was answered as done, and how often it ended in an error."""

    done: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def act(self, key: str) -> Iterator[None]:
        """Notes the outcome of one act."""
        self.unknown[key] += 1
        yield
        self.unknown[key] -= 1
        self.done[key] += 1

    def compare(self, found: Mapping[str, int]) -> tuple[int, int]:
        """(lost, doubled): done and not there; there more often than done or unknown can explain."""
        lost = doubled = 0
        for key in {*self.done, *self.unknown}:
            there = found.get(key, 0)
            lost += max(0, self.done[key] - there)
            doubled += max(0, there - self.done[key] - self.unknown[key])
        return lost, doubled


class Work(Protocol):
    """仕事: one kind of act, done again and again until the trial ends."""

    label_ja: str
    pause: float
    tally: Tally

    def once(self, choice: random.Random) -> None:
        """Do one act; whatever a killed process makes of it comes out as an error."""
        ...

    def found(self) -> Mapping[str, int]:
        """How often the effect of each act is there (read when everything is quiet)."""
        ...


def works(folder: Path, choice: random.Random) -> list[Work]:
    """The works of a trial; ``folder`` takes the files that it hands over."""
    mark = f"{choice.randrange(10**8):08}"
    return [Moves(), Calls(mark), Nets(), Files(folder, mark), Assignments(mark), Numbers(mark), Merges(mark)]


def keep_doing(work: Work, seed: int, stop: threading.Event) -> None:
    """One thread: acts one after the other, until told to stop."""
    from django.db import connections

    choice = random.Random(f"{seed} {work.label_ja}")
    while not stop.is_set():
        try:
            work.once(choice)
        except Exception:
            connections.close_all()
        stop.wait(work.pause)
    connections.close_all()


def officer(number: int = 1, purpose: str = "number_management") -> AccessContext:
    """職員 of the trial; two of them where two are asked for."""
    from kokunen.ledger.access import AccessContext

    return AccessContext(f"fault{number}", "1020", purpose, "fault-run")


# ---- the register, its feed, everybody who reads it ------------------------------------------------------------------


class Moves:
    """転居: households of one person move inside the city."""

    label_ja = "転居"
    pause = 0.05

    def __init__(self) -> None:
        self.tally = Tally()
        self._before: dict[str, int] = {}

    def once(self, choice: random.Random) -> None:
        """One move."""
        from kokunen.kernel.addresses import Address
        from kokunen.resident_registry.invariants import people_living_alone

        self._before = self._before or people_living_alone(limit=200)
        number = choice.choice(sorted(self._before))
        address = Address("112038", "0017002", "青木二丁目", f"{choice.randrange(1, 40)}番1号", "", "3320031")
        with self.tally.act(number):
            _move(number, address)

    def found(self) -> dict[str, int]:
        """Versions beyond those of the beginning."""
        from kokunen.resident_registry.invariants import version_numbers

        now = version_numbers(list(self._before))
        return {number: now.get(number, 0) - before for number, before in self._before.items()}


def _move(number: str, address: Any) -> None:
    from kokunen.common_platform.operations import clock
    from kokunen.ledger.access import system_context
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import EventCode, IdentityCheck

    today = clock.today()
    services.relocate(
        context=system_context("fault_run", "resident_notice"),
        notice=services.Notice.on(
            EventCode.RELOCATION, today, notified_on=today, identity_check=IdentityCheck.INDIVIDUAL_NUMBER_CARD
        ),
        movers=[number],
        destination=services.Destination(address=address),
        acknowledged=_Everything(),
    )


class _Everything(frozenset[str]):
    """Every warning is acknowledged."""

    def __contains__(self, item: object) -> bool:
        return True


# ---- jobs ------------------------------------------------------------------------------------------------------------


def note(label: str) -> None:
    """依頼の中身: one row, in the transaction of the call."""
    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.operations.models import Sample

    Sample.objects.create(name=EFFECT, label=label, at=clock.now(), value=1)


class Calls:
    """待ち行列の依頼: five at a time, done by whatever worker is alive."""

    label_ja = "ジョブの依頼"
    pause = 0.3

    def __init__(self, mark: str) -> None:
        self.tally = Tally()
        self._mark, self._count = mark, 0

    def once(self, choice: random.Random) -> None:
        """Five calls in one transaction."""
        from kokunen.common_platform.operations.queue import call_later

        self._count += 1
        key = f"{self._mark} {self._count}"
        with self.tally.act(key):
            call_later(f"{__name__}.note", by=EFFECT, calls=[{"label": f"{key} {place}"} for place in range(5)])

    def found(self) -> dict[str, int]:
        """A call counts when all five rows are there once; a row too many counts as a doubling."""
        from kokunen.common_platform.operations.models import Sample

        rows = Counter(Sample.objects.filter(name=EFFECT, label__startswith=self._mark).values_list("label", flat=True))
        times: dict[str, list[int]] = {}
        for number in range(1, self._count + 1):
            key = f"{self._mark} {number}"
            times[key] = [rows[f"{key} {place}"] for place in range(5)]
        return {key: max(each) if max(each) > 1 else min(each) for key, each in times.items()}


class Nets:
    """ジョブネット: 名寄せ over the whole city, begun by hand."""

    label_ja = "ジョブネット（全市の名寄せ）"
    pause = 4.0
    _NET = "NRD010"

    def __init__(self) -> None:
        self.tally = Tally()
        self._before: set[int] = set()
        self._asked = 0

    def once(self, choice: random.Random) -> None:
        """One run, unless the last one is still under way."""
        from kokunen.common_platform.operations.models import NetRun
        from kokunen.common_platform.operations.runs import request_run
        from kokunen.kernel.errors import Conflict

        if not self._asked:
            self._before = set(NetRun.objects.filter(net=self._NET).values_list("pk", flat=True))
        self._asked += 1
        key = str(self._asked)
        self.tally.unknown[key] += 1
        try:
            request_run(self._NET, by=f"{EFFECT} {key}")
        except Conflict:
            self.tally.unknown[key] -= 1
            return
        self.tally.unknown[key] -= 1
        self.tally.done[key] += 1

    def found(self) -> dict[str, int]:
        """Runs that ended well, by who asked."""
        from kokunen.common_platform.operations.models import NetRun

        runs = NetRun.objects.filter(net=self._NET, state__in=("well", "warning")).exclude(pk__in=self._before)
        return Counter(str(by).removeprefix(f"{EFFECT} ") for by in runs.values_list("requested_by", flat=True))


# ---- linkage files ---------------------------------------------------------------------------------------------------


class Files:
    """ファイル連携: a supplier outside hands over one difference after the other, again when it is not sure."""

    label_ja = "連携ファイル"
    pause = 0.3

    def __init__(self, folder: Path, mark: str) -> None:
        from kokunen.common_platform.integration.files.agreements import Agreement

        self.tally = Tally()
        self._folder = folder
        self._agreement = Agreement("FAULT", f"fault_{mark}", ("atena_number", "value"), ("atena_number",))
        self._seq = 1

    def once(self, choice: random.Random) -> None:
        """Hand over the next file, or the same once more when the last time ended in an error."""
        from kokunen.common_platform.integration.files.formats import DIFFERENCE, FileName, write_file
        from kokunen.common_platform.integration.files.taking import take
        from kokunen.common_platform.integration.models import FileState
        from kokunen.common_platform.operations import clock

        name = FileName("FAULT", "112038", self._agreement.dataset, DIFFERENCE, clock.now(), self._seq)
        rows = [(f"{self._seq:015}", str(place)) for place in range(1)]
        path = write_file(self._folder, name, self._agreement.columns, rows, (self._seq, self._seq))
        with self.tally.act(str(self._seq)):
            taken = take(path, self._agreement)
        if taken.state == FileState.SKIPPED:  # the time before had taken it although its answer was lost
            self.tally.done[str(self._seq)] -= 1
        self._seq += 1

    def found(self) -> dict[str, int]:
        """Files in force by number; the row of each must be there."""
        from kokunen.common_platform.integration.models import FileState, HandedOverRow, LinkageFile

        dataset = self._agreement.dataset
        rows = set(HandedOverRow.objects.filter(dataset=dataset).values_list("key", flat=True))
        taken = LinkageFile.objects.filter(dataset=dataset, state=FileState.APPLIED).values_list("seq", flat=True)
        return Counter(str(seq) for seq in taken if f"{seq:015}" in rows)


# ---- people outside the register -------------------------------------------------------------------------------------


class Assignments:
    """付番API: another system asks over HTTP for a number for a person; each person has a name of their own."""

    label_ja = "住登外者宛名番号の付番API"
    pause = 0.3
    _API = "app_submit/v10/jutogaishaatenabangofuban"
    _SCOPE = f"031:{_API}:Create"

    def __init__(self, mark: str) -> None:
        self.tally = Tally()
        self._mark, self._count = mark.translate(_WIDE), 0
        self._client: tuple[str, str] | None = None
        self._token = ""
        self.numbers: Counter[str] = Counter()

    def once(self, choice: random.Random) -> None:
        """One request; a token that does not hold any more is no answer to it."""
        if not self._token:
            self._token = self._new_token()
        self._count += 1
        key = f"{self._mark}　{str(self._count).translate(_WIDE)}"
        try:
            with self.tally.act(key):
                answer = self._ask(key)
        except urllib.error.HTTPError as error:
            if error.code == 401:
                self.tally.unknown[key] -= 1
                self._token = ""
            raise
        self.numbers[str(answer["result"][0]["atenabango"])] += 1

    def found(self) -> dict[str, int]:
        """Records by name; two answers with one number count as a doubling."""
        from kokunen.nonresident_registry.models import AtenaVersion

        names = AtenaVersion.objects.filter(name__startswith=f"{self._mark}　").values_list("name", "atena_number")
        found = Counter(name for name, _ in set(names))
        found[f"{self._mark}　１"] += sum(times - 1 for times in self.numbers.values())
        return found

    def _new_token(self) -> str:
        from kokunen.common_platform.open_api.services import issue_token, register_client

        self._client = self._client or register_client(
            name="障害試験", work_id="990", office_code="1020", scopes=[self._SCOPE]
        )
        number, secret = self._client
        from base64 import b64encode

        packed = b64encode(f"{number}:{secret}".encode()).decode()
        form = {"grant_type": "client_credentials", "scope": self._SCOPE}
        return issue_token(form, f"Basic {packed}")[0]

    def _ask(self, name: str) -> dict[str, Any]:
        from kokunen.config import environment

        sent = {
            "shorikubun": "0", "shikuchosonkodo": "112038", "shimei": name, "seibetsu": "2",
            "seinengappi": "1991-11-05", "seinengappi_fushofuragu": "0", "jusho_todofuken": "埼玉県",
            "jusho_shikugunchosonmei": "戸田市", "jusho_choaza": "見本町一丁目", "jusho_banchigohyoki": "２番３号",
            "nayosemotofuragu": "0", "tagyomusanshofukafuragu": "0", "sosashaid": "K00123",
            "sosanengappi": "2026-11-24", "sosajikoku": "10:15:00",
        }  # fmt: skip
        request = urllib.request.Request(
            f"http://127.0.0.1:{environment.web_port()}/{self._API}",
            json.dumps(sent).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"},
        )
        with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        return told


def _register(name: str, birth: str = "1991-11-05") -> str:
    """住登外者を登録する: 宛名番号."""
    from datetime import date

    from kokunen.nonresident_registry.services.records import register_record

    content = {
        "name": name, "name_kana": "ショウガイ　シケン", "sex": "2", "birth_date": date.fromisoformat(birth),
        "prefecture": "埼玉県", "municipality": "戸田市", "town": "見本町一丁目", "lot": "２番３号", "reason": "01",
    }  # fmt: skip
    return str(register_record(context=officer(), kind="1", content=content).atena_number)


class Numbers:
    """個人番号の登録と確認: 団体内統合宛名番号, file, receipt and result follow by themselves."""

    label_ja = "番号の登録から中間サーバーまで"
    pause = 0.5

    def __init__(self, mark: str) -> None:
        self.tally = Tally()
        self._mark, self._count = mark, 0
        self._people: dict[str, str] = {}

    def once(self, choice: random.Random) -> None:
        """Somebody new, whose number is registered and checked in one transaction."""
        from django.db import transaction

        from kokunen.kernel.numbers import IndividualNumber
        from kokunen.nonresident_registry.models import ALIAS
        from kokunen.nonresident_registry.services.authenticity import BasicItems, check_authenticity
        from kokunen.nonresident_registry.services.numbers import register_number

        self._count += 1
        key = f"{self._mark}番　{self._count}"
        number = IndividualNumber.complete(f"{choice.randrange(10**10, 10**11)}").value
        with self.tally.act(key), transaction.atomic(using=ALIAS):
            atena = _register(key)
            register_number(context=officer(), atena_number=atena, number=number, number_kind="1")
            held = BasicItems(key, "ショウガイ　シケン", _birth(), "2", "埼玉県戸田市見本町一丁目２番３号")
            check_authenticity(context=officer(), atena_number=atena, number_kind="1", means="1", obtained=held)

    def found(self) -> dict[str, int]:
        """Numbers that the intermediate server has accepted, by the name of the person; each person one number."""
        from kokunen.nonresident_registry.models import AtenaVersion
        from kokunen.unified_atena.choices import Interface, ItemState
        from kokunen.unified_atena.models import AtenaLink, SendItem

        people = dict(
            AtenaVersion.objects.filter(name__startswith=f"{self._mark}番　").values_list("atena_number", "name")
        )
        links = AtenaLink.objects.filter(atena_number__in=list(people), ended_at__isnull=True)
        unified = dict(links.values_list("person_id", "atena_number"))
        sent = SendItem.objects.filter(
            interface=Interface.NUMBER, unified_number__in=list(unified), state=ItemState.ACCEPTED
        )
        return Counter(people[unified[number]] for number in sent.values_list("unified_number", flat=True))


def _birth() -> Any:
    from datetime import date

    return date(1991, 11, 5)


class Merges:
    """名寄せと解除: two records are bound by two officers and unbound again, step after step."""

    label_ja = "名寄せと解除"
    pause = 0.3

    def __init__(self, mark: str) -> None:
        self.tally = Tally()
        self._mark, self._count = mark, 0
        self._pair: tuple[str, str] | None = None
        self._key = ""

    def once(self, choice: random.Random) -> None:
        """The next step of the pair in hand: asked, approved, end asked, end approved; then another pair."""
        from kokunen.nonresident_registry.models import MergeLink
        from kokunen.nonresident_registry.services import merging

        if self._pair is None:
            self._count += 1
            name = f"{self._mark}合　{self._count}"
            self._pair = (_register(name), _register(name))
            self._key = self._pair[1]
        parent, child = self._pair
        link = MergeLink.objects.filter(child=child).order_by("-pk").first()
        state = "" if link is None else str(link.state)
        number = 0 if link is None else int(link.pk)
        if state == "":
            with self.tally.act(self._key):
                merging.ask_link(context=officer(), parent=parent, child=child, reason="障害試験")
        elif state == "1":
            merging.approve_link(context=officer(2), link_id=number)
        elif state == "2":
            merging.ask_unlink(context=officer(), link_id=number, reason="障害試験")
        elif state == "3":
            merging.approve_unlink(context=officer(2), link_id=number)
        else:
            self._pair = None

    def found(self) -> dict[str, int]:
        """Links by child; a step that was made twice counts as a doubling."""
        from kokunen.nonresident_registry.models import MergeLink, MergeStep

        children = list({*self.tally.done, *self.tally.unknown})
        links = Counter(MergeLink.objects.filter(child__in=children).values_list("child", flat=True))
        steps = Counter(MergeStep.objects.filter(child__in=children).values_list("link_id", "state", "child"))
        for (_, _, child), times in steps.items():
            links[child] += times - 1
        return links


def outcome(done: Sequence[Work]) -> list[dict[str, Any]]:
    """結果: what each work did, and what of it is lost or doubled."""
    lines = []
    for work in done:
        lost, doubled = work.tally.compare(work.found())
        lines.append(
            {
                "work": work.label_ja,
                "acts": sum(work.tally.done.values()),
                "interrupted": sum(work.tally.unknown.values()),
                "lost": lost,
                "doubled": doubled,
            }
        )
    return lines
