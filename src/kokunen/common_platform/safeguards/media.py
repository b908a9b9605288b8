"""媒体の内容: which content the program itself has made for a medium, asked when a writing is entered (CTL-115).

A subsystem that makes media says how to find one by its number and by its hash; the 媒体台帳 then takes no other hash
for that number, and no content of a report without its number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kokunen.kernel.errors import InputError, NotAllowed


@dataclass(frozen=True, slots=True)
class MadeMedium:
    """作られた内容: number as people write it, SHA-256 of the sealed content (hexadecimal), key and people."""

    number: str
    sha256: str
    key_id: str
    people: int


Source = Callable[[str, str], MadeMedium | None]
"""(number or "", sha256 or "") → the medium with that number, else the one with that hash, else None."""

_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Say how a subsystem's media are found; each once."""
    if source not in _sources:
        _sources.append(source)


def check_content(report: str, sha256: str, key_id: str, people: int) -> None:
    """書き込んだ内容か: raises InputError or NotAllowed with the field that does not agree."""
    if report:
        made = _find(report, "")
        if made is None:
            raise InputError(
                f"報告「{report}」の媒体は作られていません", field="report", hint="番号を確かめてください。"
            )
    else:
        made = _find("", sha256)
        if made is not None:
            raise InputError(f"この内容は報告「{made.number}」の媒体です。報告の番号を入力してください", field="report")
        return
    for field, given, wanted in (
        ("sha256", sha256.lower(), made.sha256),
        ("key_id", key_id, made.key_id or key_id),
        ("people", people, made.people),
    ):
        if given != wanted:
            raise NotAllowed(
                f"媒体に書き込んだ内容が、報告「{report}」のものと違います",
                field=field,
                code="other_content",
                hint="媒体を消去し、報告の媒体をもう一度書き込んでください。",
            )


def _find(number: str, sha256: str) -> MadeMedium | None:
    found = (source(number, sha256) for source in _sources)
    return next((made for made in found if made is not None), None)
