"""eLTAXへの窓口（市側） — the line; files are written from and read into plain records here.

The section gives ``{"file_name", "payer", "created_on", "records": [...]}`` and gets the same, so that it knows neither
bytes nor base64. A file that cannot be read arrives with ``problem`` and no records.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kokunen.config import environment

from ..framework.city import load_city
from ..framework.messages import Fault, load_layout
from ..framework.post import Admit, Arrived, PostBox, Sent
from .records import PensionFile, RecordError, read, record_as_items, record_of_items, write


class EltaxPost(PostBox):
    """eLTAXの回線 — whole files of records."""

    def send(self, *, number: str, kind: str, items: Mapping[str, Any], created_at: str) -> Sent:
        """Send one file; the same number may be sent again. A value that does not fit the record is a refusal."""
        try:
            records = tuple(record_of_items(one) for one in items["records"])
            created = date.fromisoformat(items["created_on"])
            content = write(PensionFile(self.municipality[:5], items["payer"], kind, created, records))
        except RecordError as error:
            return Sent(False, "", (Fault(error.field, error.code, error.message),))
        wire = {
            "file_name": items["file_name"],
            "created_on": items["created_on"],
            "records": len(records),
            "content": base64.b64encode(content).decode(),
        }
        return PostBox.send(self, number=number, kind=kind, items=wire, created_at=created_at)

    def fetch(self) -> list[Arrived]:
        """What waits for the city, oldest first."""
        return [_opened(one) for one in PostBox.fetch(self)]


def _opened(arrived: Arrived) -> Arrived:
    if arrived.problem:
        return arrived
    try:
        file = read(base64.b64decode(arrived.items["content"], validate=True))
    except RecordError as error:
        return replace(arrived, items={"file_name": arrived.items["file_name"]}, problem=error.message)
    except ValueError:
        return replace(arrived, items={"file_name": arrived.items["file_name"]}, problem="内容を復元できません")
    items = {
        "file_name": arrived.items["file_name"],
        "payer": file.payer,
        "content_code": file.content_code,
        "created_on": file.created_on.isoformat(),
        "records": [record_as_items(record) for record in file.records],
    }
    return replace(arrived, items=items)


def city_line(admit: Admit) -> EltaxPost:
    """この市の窓口 — opened with the data folder of the environment."""
    layout = load_layout(__package__)
    return EltaxPost(layout.party, layout, environment.data_dir(), load_city().municipality, admit)
