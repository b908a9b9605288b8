"""年金機構への窓口（市側） — writes the medium, hands it over, and reads what comes back.

This is the city's end of the counter. It is the `MediaWriter` of the pension section: the section fills a `Report`, and
everything about columns, characters, seals and trays happens here. Folders of the city's data folder:

- ``outbox/jps``: every medium ever written, with manifest and 送付書 sheet; kept as the copy of what was sent
- ``inbox/jps``: answers already taken into the section's records
- ``keys/media``: the city's own keys, and the public keys of the receiver, exchanged apart from any medium

The tray is the only place that both sides touch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from kokunen.config import environment
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.national_pension.reporting_types import (
    HandOver,
    LineProblem,
    MediaImage,
    MediumKind,
    NoticeKind,
    ReplacedCharacter,
    Report,
    ReportLine,
    ResultFile,
    ResultLine,
    ResultOutcome,
    ResultStatus,
)

from ..framework.files import move, sha256, write_atomic
from ..framework.package import pack, unpack
from ..framework.seal import Identity, PublicIdentity, seal, unseal
from .codec import (
    Cover,
    Encoded,
    Header,
    LayoutError,
    Record,
    Replacement,
    Result,
    check_records,
    decode_result,
    encode_cover,
    encode_medium,
)
from .delivery import ANSWER_SUFFIX, IMAGE_SUFFIX, MANIFEST_FORMAT, MANIFEST_SUFFIX, PARTY
from .fields import Value
from .layout import Layout, Problem, load_layout


@dataclass(frozen=True, slots=True)
class Sender:
    """提出元 — the city as it stands on the medium."""

    prefecture: str
    city: str
    office_symbol: str
    postal_code: str
    address: str
    name: str
    section: str
    phone: str
    key_holder: str

    @property
    def municipality(self) -> str:
        """Prefecture and city code, five digits without the check digit."""
        return self.prefecture + self.city


@lru_cache(maxsize=1)
def load_sender() -> Sender:
    """The city of ``sender.yaml``."""
    return Sender(**yaml.safe_load((files(__package__) / "sender.yaml").read_text(encoding="utf-8")))


class JpsGateway:
    """年金機構への窓口 — the pension section's `MediaWriter`.

    ``data`` is the city's data folder, ``tray`` the Service's hand-over tray (default: that of the embedded demo).
    """

    def __init__(
        self, data: Path, *, tray: Path | None = None, sender: Sender | None = None, layout: Layout | None = None
    ) -> None:
        self.sender = sender or load_sender()
        self.layout = layout or load_layout()
        self.outbox, self.inbox = data / "outbox" / PARTY, data / "inbox" / PARTY
        self.tray = tray or party_folder(data) / "tray"
        self._keys = data / "keys" / "media"

    # writing ------------------------------------------------------------------------------------------------------
    def problems(self, report: Report) -> tuple[LineProblem, ...]:
        """Every reason why the report cannot be written as it is; empty when it can. Writes nothing."""
        _, _, found = check_records(self.layout, [record_of(line, self.layout) for line in report.lines])
        return tuple(_line_problem(problem, report.lines) for problem in found)

    def write(self, report: Report) -> MediaImage:
        """Write the sealed image, its manifest and its 送付書 sheet into the outbox.

        The same report gives the same bytes and says so (``is_reissue``). Raises InputError when a line cannot be
        written, naming the lines; when the number is out of range, the report is empty or does not fit the medium, or
        the medium to be made again is not in the outbox; Conflict when the number already holds another content.
        """
        self._check(report)
        fiscal_year = fiscal_year_of(report.created_on)
        encoded = self._encode(report, fiscal_year)
        label = self._label(report, fiscal_year)
        files_inside = {self.layout.file_name: encoded.data}
        image = seal(pack(files_inside), label, sender=self._own(), receiver=self._receiver())
        if len(image) > self.layout.media[report.medium.value].capacity:
            raise InputError(
                "媒体の容量を超えています",
                field="lines",
                code="too_large",
                hint="報告を分けるか、DVDを選んでください。",
            )
        stem = self._stem(fiscal_year, report.serial)
        image_facts = {"name": stem + IMAGE_SUFFIX, "size": len(image), "sha256": sha256(image)}
        manifest = self._manifest(label, image_facts, files_inside, encoded)
        manifest_bytes = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()
        cover = self._cover(report, fiscal_year, image_facts, sha256(manifest_bytes), encoded)
        is_reissue = self._is_reissue(stem, image)
        if not is_reissue:
            write_atomic(self.outbox / (stem + self.layout.cover_suffix), cover)
            write_atomic(self.outbox / (stem + MANIFEST_SUFFIX), manifest_bytes)
            write_atomic(self.outbox / (stem + IMAGE_SUFFIX), image)  # last: a medium with an image is complete
        return replace(self._image(manifest), is_reissue=is_reissue, replaced=_replaced(encoded.replaced, report.lines))

    def find(self, fiscal_year: int, serial: int) -> MediaImage | None:
        """The medium of a number as it lies in the outbox, or None."""
        stem = self._stem(fiscal_year, serial)
        if not (self.outbox / (stem + IMAGE_SUFFIX)).exists():
            return None
        return replace(self._image(json.loads((self.outbox / (stem + MANIFEST_SUFFIX)).read_text())), is_reissue=True)

    def hand_over(self, image: MediaImage, signatures: HandOver) -> Path:
        """Lay the medium into the Service's tray, the 送付書 sheet last; gives the path of the sheet there.

        Raises NotAllowed unless two different officers signed and the locked case is named, and InputError when what
        lies in the outbox is not what was written. Safe to repeat: the Service answers the same medium once.
        """
        officers = {signatures.first_officer.strip(), signatures.second_officer.strip()}
        if len(officers) != 2 or "" in officers:
            raise NotAllowed(
                "媒体の引渡しには異なる2人の職員の署名が必要です",
                field="second_officer",
                hint="もう1人が署名してください。",
            )
        if not signatures.carrying_case.strip():
            raise NotAllowed(
                "施錠ケースの番号がありません",
                field="carrying_case",
                hint="媒体を入れたケースの番号を記入してください。",
            )
        parts = (image.path, image.manifest_path, image.cover_path)
        contents = [path.read_bytes() if path.exists() else b"" for path in parts]
        if sha256(contents[0]) != image.sha256 or b"" in contents:
            raise InputError(
                "保管中の媒体イメージが作成時と異なります", field="image", hint="新しい媒体通番で再作成してください。"
            )
        for path, content in zip(parts, contents, strict=True):
            write_atomic(self.tray / "in" / path.name, content)
        return self.tray / "in" / image.cover_path.name

    def _check(self, report: Report) -> None:
        if not report.lines:
            raise InputError(
                "報告する届書がありません", field="lines", code="missing_field", hint="届書を選んでください。"
            )
        if not 1 <= report.serial <= self.layout.serial_last:
            raise InputError(
                f"媒体通番は1から{self.layout.serial_last}までです",
                field="serial",
                hint="年度の媒体通番を確かめてください。",
            )
        if report.medium.value not in self.layout.media:
            raise NotAllowed("この種類の媒体では送付できません", field="medium", hint="CDまたはDVDを選んでください。")
        if report.remake_of is not None:
            original = self.find(fiscal_year_of(report.created_on), report.remake_of)
            if original is None or report.remake_of == report.serial:
                raise InputError(
                    "再作成元の媒体がありません", field="remake_of", hint="再作成する媒体の媒体通番を確かめてください。"
                )

    def _encode(self, report: Report, fiscal_year: int) -> Encoded:
        sender = {name: getattr(self.sender, name) for name in ("postal_code", "address", "name", "section", "phone")}
        header = Header(
            prefecture=self.sender.prefecture,
            city=self.sender.city,
            office_symbol=self.sender.office_symbol,
            fiscal_year=fiscal_year,
            serial=report.serial,
            created_on=report.created_on,
            total=len(report.lines),
            remake_of=report.remake_of,
            sender=sender,
        )
        try:
            return encode_medium(self.layout, header, [record_of(line, self.layout) for line in report.lines])
        except LayoutError as error:
            raise _unwritable(error.problems, report.lines) from None

    def _label(self, report: Report, fiscal_year: int) -> dict[str, Any]:
        """What stands in clear on the outside of the seal: nothing about a person."""
        return {
            "purpose": "report",
            "municipality": self.sender.municipality,
            "fiscal_year": fiscal_year,
            "serial": report.serial,
            "remake_of": report.remake_of,
            "medium": report.medium.value,
            "created_on": report.created_on.isoformat(),
            "edition": self.layout.edition,
        }

    def _manifest(
        self,
        label: Mapping[str, Any],
        image: Mapping[str, Any],
        inside: Mapping[str, bytes],
        encoded: Encoded,
    ) -> dict[str, Any]:
        receiver = self._receiver()
        return {
            "format": MANIFEST_FORMAT,
            **label,
            "image": dict(image),
            "files": [
                {"name": name, "size": len(data), "sha256": sha256(data)} for name, data in sorted(inside.items())
            ],
            "counts": dict(encoded.counts),
            "total": sum(encoded.counts.values()),
            "encryption": {
                "method": "AES-256-GCM, X25519, HKDF-SHA256, Ed25519",
                "key_id": receiver.key_id,
                "key_holder": receiver.holder,
                "sender_key_id": self._own().public().key_id,
            },
        }

    def _cover(
        self, report: Report, fiscal_year: int, image: Mapping[str, Any], manifest_hash: str, encoded: Encoded
    ) -> bytes:
        digits = self.layout.serial_digits
        values: dict[str, Value | None] = {
            "prefecture": self.sender.prefecture,
            "city": self.sender.city,
            "fiscal_year": f"{fiscal_year:04}",
            "serial": f"{report.serial:0{digits}}",
            "remake": report.remake_of is not None,
            "remake_of": None if report.remake_of is None else f"{report.remake_of:0{digits}}",
            "medium": report.medium.value,
            "created_on": report.created_on,
            "total": len(report.lines),
            "image_name": image["name"],
            "image_size": image["size"],
            "image_sha256": image["sha256"],
            "manifest_sha256": manifest_hash,
        }
        return encode_cover(self.layout, Cover(values, encoded.counts))

    def _is_reissue(self, stem: str, image: bytes) -> bool:
        path = self.outbox / (stem + IMAGE_SUFFIX)
        if not path.exists():
            return False
        if path.read_bytes() != image:
            raise Conflict(
                "この媒体通番では、内容の異なる媒体が既に作成されています",
                field="serial",
                hint="新しい媒体通番を使ってください。同じ届書を作り直すときは再作成としてください。",
            )
        return True

    def _image(self, manifest: Mapping[str, Any]) -> MediaImage:
        stem = self._stem(manifest["fiscal_year"], manifest["serial"])
        return MediaImage(
            path=self.outbox / (stem + IMAGE_SUFFIX),
            manifest_path=self.outbox / (stem + MANIFEST_SUFFIX),
            cover_path=self.outbox / (stem + self.layout.cover_suffix),
            serial=manifest["serial"],
            fiscal_year=manifest["fiscal_year"],
            medium=MediumKind(manifest["medium"]),
            sha256=manifest["image"]["sha256"],
            manifest=manifest,
            counts=manifest["counts"],
            total=manifest["total"],
            key_id=manifest["encryption"]["key_id"],
            remake_of=manifest["remake_of"],
        )

    def _stem(self, fiscal_year: int, serial: int) -> str:
        return f"{self.sender.municipality}-{fiscal_year:04}-{serial:0{self.layout.serial_digits}}"

    def _own(self) -> Identity:
        return Identity.load_or_create(
            self._keys / "own.json", party=self.sender.municipality, holder=self.sender.key_holder
        )

    def _receiver(self) -> PublicIdentity:
        return PublicIdentity.load(self._keys / "parties" / f"{PARTY}.json")

    # reading ------------------------------------------------------------------------------------------------------
    def read_result_files(self, tray: Path | None = None) -> list[ResultFile]:
        """Answers in the tray that were not acknowledged yet, in order of their names; a repeated one appears once.

        An answer that cannot be opened is in the list too, with status UNREADABLE and the reason: somebody must ask
        the Service for it. Moves nothing.
        """
        found: dict[str, ResultFile] = {}
        for path in sorted(((tray or self.tray) / "out").glob(f"*{ANSWER_SUFFIX}")):
            data = path.read_bytes()
            if not self._is_acknowledged(data):
                found.setdefault(sha256(data), self._read(path, data))
        return list(found.values())

    def read_results(self, tray: Path | None = None) -> list[ResultLine]:
        """The lines of all answers that can be read, in order."""
        return [line for result in self.read_result_files(tray) for line in result.lines]

    def acknowledge(self, result: ResultFile) -> Path:
        """Move an answer, and every copy of it, from the tray into the inbox; gives its place there. Safe to repeat.

        To be called after the section has committed its lines: an answer that is read again after a crash is the same
        answer, with the same ``result_serial``.
        """
        folder = "unreadable" if result.status is ResultStatus.UNREADABLE else "taken"
        target = self.inbox / folder / result.path.name
        if not result.path.exists():
            return target
        data = result.path.read_bytes()
        for path in sorted(result.path.parent.glob(f"*{ANSWER_SUFFIX}")):
            if path != result.path and path.read_bytes() == data:
                move(path, self.inbox / "repeated" / path.name)
        move(result.path, target)
        return target

    def clear_repeats(self, tray: Path | None = None) -> int:
        """Take answers out of the tray that were acknowledged before and came again; gives their number."""
        repeats = [
            path
            for path in sorted(((tray or self.tray) / "out").glob(f"*{ANSWER_SUFFIX}"))
            if self._is_acknowledged(path.read_bytes())
        ]
        for path in repeats:
            move(path, self.inbox / "repeated" / path.name)
        return len(repeats)

    def _is_acknowledged(self, data: bytes) -> bool:
        taken = self.inbox / "taken"
        return any(path.stat().st_size == len(data) and path.read_bytes() == data for path in taken.glob("*"))

    def _read(self, path: Path, data: bytes) -> ResultFile:
        try:
            label, payload = unseal(data, receiver=self._own(), sender=self._receiver())
            inside = unpack(payload)
            result = decode_result(self.layout, inside[str(self.layout.result["name"])])
            listing = inside[str(self.layout.result["list_name"])]
            if label["result_serial"] != result.values["result_serial"] or not self._is_ours(result):
                raise InputError("別の市区町村または別の通番の結果です", field="result")
        except InputError as error:
            return _unreadable(path, [error.message])
        except LayoutError as error:
            return _unreadable(path, [str(problem) for problem in error.problems])
        except KeyError:
            return _unreadable(path, ["結果ファイルまたは一覧が入っていません"])
        return _result_file(path, result, listing)

    def _is_ours(self, result: Result) -> bool:
        return (result.values["prefecture"], result.values["city"]) == (self.sender.prefecture, self.sender.city)


def party_folder(data: Path) -> Path:
    """The Service's data folder in the embedded demo, seen from the city's data folder."""
    return data / "counterparts" / PARTY


def exchange_keys(data: Path, party_data: Path | None = None, sender: Sender | None = None) -> str:
    """鍵の交換 — register each side's public keys with the other; gives the key id of the Service.

    In the demo this stands for the exchange on paper before the first medium. The Service must have been started once
    (it makes its own keys); private keys never move. Raises InputError when it was not. Safe to repeat.
    """
    city = sender or load_sender()
    party = party_data or party_folder(data)
    public = PublicIdentity.load(party / "keys" / "public.json")
    keys = data / "keys" / "media"
    public.save(keys / "parties" / f"{PARTY}.json")
    own = Identity.load_or_create(keys / "own.json", party=city.municipality, holder=city.key_holder)
    own.public().save(party / "senders" / f"{city.municipality}.json")
    return public.key_id


def connect(data: Path) -> JpsGateway:
    """窓口を開く — the gateway of an embedded city; keys are exchanged when the Service first stands.

    Before that it judges lines, and only writing a medium is refused (there is nobody to seal it for). A production
    city exchanges keys by hand and makes its :class:`JpsGateway` itself.
    """
    known = data / "keys" / "media" / "parties" / f"{PARTY}.json"
    if not known.exists() and (party_folder(data) / "keys" / "public.json").exists():
        exchange_keys(data)
    return JpsGateway(data)


def city_gateway() -> JpsGateway:
    """この市の窓口 — :func:`connect` with the data folder of the environment; named by the settings of the city."""
    return connect(environment.data_dir())


def record_of(line: ReportLine, layout: Layout) -> Record:
    """A line of the report as a record of the layout; details that the layout does not know stay in, to be refused."""
    notice = layout.notices[line.kind.value]
    values: dict[str, Value | None] = {}
    known: set[str] = set()
    for item in notice.record.fields:
        if item.automatic:
            continue
        found = [_value(line, source) for source in item.sources]
        values[item.name] = next((value for value in found if value not in (None, "")), None)
        known.update(source.removeprefix("details.") for source in item.sources if source.startswith("details."))
    extra = {name: value for name, value in line.details.items() if name not in known and value not in (None, "")}
    return Record(line.kind.value, {**extra, **values})


def fiscal_year_of(day: date) -> int:
    """年度 — the year in whose April the fiscal year of ``day`` began."""
    return day.year - (day.month < 4)


def _value(line: ReportLine, source: str) -> Value | None:
    if source.startswith("details."):
        return line.details.get(source.removeprefix("details."))
    value: Value | None = getattr(line, source)
    return value


def _line_problem(problem: Problem, lines: Sequence[ReportLine]) -> LineProblem:
    line = lines[problem.line - 1] if 0 < problem.line <= len(lines) else None
    return LineProblem(
        line_number=problem.line,
        receipt_number=line.receipt_number if line else "",
        atena_number=line.atena_number if line else "",
        field=problem.field,
        label=problem.label,
        code=problem.code,
        message=problem.message,
        hint=problem.hint,
        characters=problem.characters,
    )


def _unwritable(problems: Sequence[Problem], lines: Sequence[ReportLine]) -> InputError:
    found = [_line_problem(problem, lines) for problem in problems]
    listed = "、".join(
        f"受付番号{problem.receipt_number} {problem.label}（{problem.message}）"
        if problem.receipt_number
        else problem.message
        for problem in found[:5]
    )
    more = f"、ほか{len(found) - 5}件" if len(found) > 5 else ""
    return InputError(
        f"媒体に載せられない届書があります: {listed}{more}",
        field="lines",
        code=found[0].code,
        hint="届書を補正するか、紙の届書で送ってください。",
    )


def _replaced(found: Sequence[Replacement], lines: Sequence[ReportLine]) -> tuple[ReplacedCharacter, ...]:
    return tuple(
        ReplacedCharacter(one.line, lines[one.line - 1].receipt_number, one.label, one.original, one.replacement)
        for one in found
    )


def _unreadable(path: Path, faults: Sequence[str]) -> ResultFile:
    return ResultFile(path, "", ResultStatus.UNREADABLE, None, None, "", None, faults=tuple(faults))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _result_file(path: Path, result: Result, listing: bytes) -> ResultFile:
    values = result.values
    fiscal_year, serial = int(str(values["fiscal_year"])), int(str(values["report_serial"]))
    processed_on = values["processed_on"]
    if not isinstance(processed_on, date):
        raise TypeError("the layout promises a date here")
    result_serial = str(values["result_serial"])
    lines = tuple(
        ResultLine(
            result_serial=result_serial,
            fiscal_year=fiscal_year,
            report_serial=serial,
            line_number=int(str(row["line_number"])),
            receipt_number=str(row["receipt_number"]),
            kind=NoticeKind(str(row["kind"])),
            outcome=ResultOutcome.ACCEPTED if row["outcome"] == "1" else ResultOutcome.RETURNED,
            processed_on=processed_on,
            basic_pension_number=str(row["basic_pension_number"] or ""),
            reason_code=str(row["reason_code"] or ""),
            reason=str(row["reason"] or ""),
            part=int(str(row["part"] or 1)),
            decision=str(row["decision"] or ""),
            exemption_kind=str(row["exemption_kind"] or ""),
            first_month=_day(row["first_month"]),
            last_month=_day(row["last_month"]),
        )
        for row in result.lines
    )
    return ResultFile(
        path=path,
        result_serial=result_serial,
        status=ResultStatus.REFUSED if result.faults else ResultStatus.PROCESSED,
        fiscal_year=fiscal_year,
        report_serial=serial,
        report_sha256=str(values["report_sha256"]),
        processed_on=processed_on,
        lines=lines,
        faults=result.faults,
        printable_list=listing,
    )
