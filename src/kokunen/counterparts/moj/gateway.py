"""法務省への窓口（市側） — the line; the records of a notice file are read here, each by itself."""

from __future__ import annotations

from dataclasses import replace

from kokunen.config import environment

from ..framework.city import load_city
from ..framework.messages import load_layout
from ..framework.post import Admit, Arrived, PostBox

NOTICE_FILE = "0901"


class MinistryPost(PostBox):
    """法務省の回線 — a notice file arrives with its records: items where they hold, faults where they do not."""

    def fetch(self) -> list[Arrived]:
        """What waits for the city, oldest first."""
        return [self._with_records(one) for one in PostBox.fetch(self)]

    def _with_records(self, arrived: Arrived) -> Arrived:
        if arrived.kind != NOTICE_FILE or arrived.problem:
            return arrived
        records = []
        for entry in arrived.items["lines"]:
            values, faults = self.layout.read_record(NOTICE_FILE, entry["line"])
            records.append({"items": {} if faults else values, "faults": [fault.message for fault in faults]})
        items = {name: arrived.items[name] for name in ("file_name", "created_on")}
        return replace(arrived, items={**items, "records": records})


def city_line(admit: Admit) -> MinistryPost:
    """この市の窓口 — opened with the data folder of the environment."""
    layout = load_layout(__package__)
    return MinistryPost(layout.party, layout, environment.data_dir(), load_city().municipality, admit)
