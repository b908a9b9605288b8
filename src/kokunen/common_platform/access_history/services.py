"""開示の作成: the envelope that the person concerned gets: report, proofs, keys and verifier."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kokunen.common_platform import printing
from kokunen.common_platform.access_history.documents import disclosure_report
from kokunen.common_platform.operations import clock
from kokunen.ledger import verifier
from kokunen.ledger.access import AccessContext
from kokunen.ledger.disclosure import disclose, public_keys

PDF, PROOFS, KEYS, VERIFIER = "disclosure.pdf", "disclosure.json", "keys.json", "verifier.py"


@dataclass(frozen=True, slots=True)
class Envelope:
    """開示一式: files by name; `serial` stands on the report and in the ledger."""

    serial: str
    entries: int
    checkpoint: int
    files: dict[str, bytes]

    def as_zip(self) -> bytes:
        """All files in one."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(name, content)
        return target.getvalue()


def make_disclosure(atena_number: str, *, context: AccessContext) -> Envelope:
    """開示書を作る: who has looked at this person, with proofs. Raises InputError when nobody has."""
    serial, now = printing.next_serial(context.office_code), clock.now()
    document = disclose(atena_number, context=context, serial=serial)
    keys = public_keys()
    files = {
        PDF: disclosure_report(document, serial=serial, at=now, keys=keys),
        PROOFS: _json(document),
        KEYS: _json(keys),
        VERIFIER: Path(verifier.__file__).read_bytes(),
    }
    return Envelope(serial, len(document["entries"]), document["checkpoint"], files)


def _json(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
