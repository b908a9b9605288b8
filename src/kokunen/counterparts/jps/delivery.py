"""媒体の受取り — one medium as it lies in the tray, and the strict examination before any notice is looked at.

A delivery is three files of one stem: the sealed image, the manifest in clear, and the 送付書 sheet, which is laid down
last. Everything said in clear is checked against what is inside the seal; the first check that fails ends the
examination, and the medium as a whole is refused with the reasons.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kokunen.kernel.errors import InputError

from ..framework.files import sha256
from ..framework.package import unpack
from ..framework.seal import Identity, PublicIdentity, unseal
from .codec import Cover, Header, LayoutError, Record, decode_cover, decode_medium
from .layout import Layout

PARTY = "jps"
IMAGE_SUFFIX = ".kmi"  # a medium on its way to the Service
ANSWER_SUFFIX = ".kmr"  # an answer on its way to the city
MANIFEST_SUFFIX = ".manifest.json"
MANIFEST_FORMAT = "kokunen-medium-manifest-1"
MAXIMUM_FAULTS = 1000
_STEM = re.compile(r"([0-9]{5})-([0-9]{4})-([0-9]{3})", re.ASCII)


class Refusal(ValueError):
    """媒体不受理 — the medium as a whole is refused; ``faults`` are the reasons, none of which repeats a value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults[:MAXIMUM_FAULTS]


@dataclass(frozen=True, slots=True)
class Delivery:
    """届いた媒体 — the paths of its three files."""

    stem: str
    cover: Path
    image: Path
    manifest: Path

    @classmethod
    def of(cls, cover: Path, layout: Layout) -> Delivery:
        """The delivery to which a 送付書 sheet belongs."""
        stem = cover.name.removesuffix(layout.cover_suffix)
        folder = cover.parent
        return cls(stem, cover, folder / (stem + IMAGE_SUFFIX), folder / (stem + MANIFEST_SUFFIX))

    @property
    def municipality(self) -> str:
        """Code of the city (prefecture 2 + city 3) by the file name, or "" when the name is not of the right form."""
        found = _STEM.fullmatch(self.stem)
        return found.group(1) if found else ""

    def files(self) -> tuple[Path, Path, Path]:
        """The files in the order in which they are taken away: the sheet, by which the delivery is found, last."""
        return self.image, self.manifest, self.cover

    def read(self) -> Contents:
        """The bytes of the three files as they are now; everything after looks at these and not at the tray."""
        cover, image, manifest = (
            path.read_bytes() if path.exists() else b"" for path in (self.cover, self.image, self.manifest)
        )
        return Contents(cover, image, manifest)

    def fingerprint(self) -> str:
        """Sizes and times of the files: while it changes, somebody is still writing."""
        states = []
        for path in self.files():
            try:
                state = path.stat()
                states.append(f"{state.st_size}:{state.st_mtime_ns}")
            except FileNotFoundError:
                states.append("-")
        return "/".join(states)


@dataclass(frozen=True, slots=True)
class Contents:
    """届いた媒体の中身 — empty bytes for a file that is not there."""

    cover: bytes
    image: bytes
    manifest: bytes

    def identity(self) -> str:
        """What makes two deliveries the same one: the hash over the hashes of all three files."""
        return sha256("".join(map(sha256, (self.cover, self.manifest, self.image))).encode())


@dataclass(frozen=True, slots=True)
class Examined:
    """形式審査を通った媒体 — its identification and its notices."""

    header: Header
    records: tuple[Record, ...]


def is_complete(contents: Contents, layout: Layout) -> bool:
    """Are all three files there in the lengths that the sheet and the manifest name?"""
    try:
        values = decode_cover(layout, contents.cover).values
    except LayoutError:
        return False
    has_manifest = sha256(contents.manifest) == values["manifest_sha256"]
    return has_manifest and len(contents.image) >= int(str(values["image_size"]))


def examine(
    delivery: Delivery, contents: Contents, layout: Layout, *, receiver: Identity, sender: PublicIdentity
) -> Examined:
    """Examine a delivery. Raises Refusal with the reasons."""
    cover = _cover(delivery, contents.cover, layout)
    manifest = _manifest(contents.manifest, cover)
    image = contents.image
    if not image:
        raise Refusal(["媒体イメージがありません"])
    if len(image) != cover.values["image_size"] or sha256(image) != cover.values["image_sha256"]:
        raise Refusal(["媒体イメージのSHA-256またはバイト数が送付書と一致しません（破損または書込みの途中）"])
    try:
        label, payload = unseal(image, receiver=receiver, sender=sender)
        files = unpack(payload)
    except InputError as error:
        raise Refusal([error.message]) from None
    _check_label(label, manifest, cover)
    _check_files(files, manifest, layout)
    return _content(files[layout.file_name], cover, layout)


def _cover(delivery: Delivery, data: bytes, layout: Layout) -> Cover:
    try:
        cover = decode_cover(layout, data)
    except LayoutError as error:
        raise Refusal([f"送付書 {problem}" for problem in error.problems]) from None
    values = cover.values
    stem = f"{values['prefecture']}{values['city']}-{values['fiscal_year']}-{values['serial']}"
    if (stem, values["image_name"]) != (delivery.stem, delivery.image.name):
        raise Refusal(["送付書の市区町村コード・年度・媒体通番が、ファイル名と一致しません"])
    return cover


def _manifest(data: bytes, cover: Cover) -> Mapping[str, Any]:
    if not data:
        raise Refusal(["目録がありません"])
    if sha256(data) != cover.values["manifest_sha256"]:
        raise Refusal(["目録のSHA-256が送付書と一致しません"])
    try:
        content = json.loads(data)
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("format") != MANIFEST_FORMAT:
        raise Refusal(["目録の形式が違います"])
    return content


def _check_label(label: Mapping[str, Any], manifest: Mapping[str, Any], cover: Cover) -> None:
    """What stands in clear must be what the sender has sealed."""
    values = cover.values
    sealed = {name: label.get(name) for name in LABEL_ITEMS}
    on_cover = {
        "purpose": "report",
        "municipality": f"{values['prefecture']}{values['city']}",
        "fiscal_year": int(str(values["fiscal_year"])),
        "serial": int(str(values["serial"])),
        "remake_of": int(str(values["remake_of"])) if values["remake_of"] else None,
        "medium": values["medium"],
        "created_on": str(values["created_on"]),
        "edition": label.get("edition"),
    }
    if sealed != on_cover:
        raise Refusal(["送付書の内容が、封印された内容と一致しません"])
    if {name: manifest.get(name) for name in LABEL_ITEMS} != sealed:
        raise Refusal(["目録の内容が、封印された内容と一致しません"])
    image = {"name": values["image_name"], "size": values["image_size"], "sha256": values["image_sha256"]}
    if manifest.get("image") != image or manifest.get("total") != values["total"]:
        raise Refusal(["目録の媒体イメージまたは件数が、送付書と一致しません"])
    if manifest.get("counts") != dict(cover.counts):
        raise Refusal(["目録の届書ごとの件数が、送付書と一致しません"])


LABEL_ITEMS = ("purpose", "municipality", "fiscal_year", "serial", "remake_of", "medium", "created_on", "edition")


def _check_files(files: Mapping[str, bytes], manifest: Mapping[str, Any], layout: Layout) -> None:
    if manifest.get("edition") != layout.edition:
        raise Refusal([f"様式の版が違います。{layout.edition} で作成してください"])
    listed = [{"name": name, "size": len(data), "sha256": sha256(data)} for name, data in sorted(files.items())]
    if manifest.get("files") != listed or list(files) != [layout.file_name]:
        raise Refusal(["目録のファイル名・バイト数・SHA-256が、媒体の中身と一致しません"])


def _content(data: bytes, cover: Cover, layout: Layout) -> Examined:
    decoded = decode_medium(layout, data)
    if decoded.problems or decoded.header is None:
        raise Refusal([str(problem) for problem in decoded.problems])
    header, values = decoded.header, cover.values
    inside = (header.prefecture, header.city, header.fiscal_year, header.serial, header.created_on, header.remake_of)
    outside = (
        values["prefecture"],
        values["city"],
        int(str(values["fiscal_year"])),
        int(str(values["serial"])),
        values["created_on"],
        int(str(values["remake_of"])) if values["remake_of"] else None,
    )
    if inside != outside:
        raise Refusal(["管理レコードの内容が、送付書と一致しません"])
    counts = Counter(record.kind for record in decoded.records)
    if counts != Counter(cover.counts):
        raise Refusal(["届書ごとの件数が、送付書と一致しません"])
    return Examined(header, decoded.records)
