"""証明書: from the request at the counter to the finished PDF, beside the bare rendering of the same sheet."""

from __future__ import annotations

import statistics

from benchmarks import _city, _registry
from kokunen.commands.bench import Figure

_SHEETS = 22


def measure() -> Figure:
    """住民票の写し（世帯連記式）: numbered, logged, printed; the median."""
    _city.use()
    bare: list[float] = []
    spans = [_registry.timed(lambda number=number: _certificate(number, bare)) for number in _registry.people(_SHEETS)]  # type: ignore[misc]
    middle, rival = statistics.median(spans[2:]) * 1000, statistics.median(bare[2:]) * 1000
    return Figure("certificate", "ms", middle, 500, "less", "rendering the sheet alone", rival)


def _certificate(number: str, bare: list[float]) -> None:
    from kokunen.common_platform import printing
    from kokunen.resident_registry import documents
    from kokunen.resident_registry.choices import CertificateKind, IdentityCheck, RequestKind
    from kokunen.resident_registry.documents import certificate as layout
    from kokunen.resident_registry.models import CertificateIssue
    from kokunen.resident_registry.services import certificates

    order = certificates.CertificateOrder(
        kind=CertificateKind.HOUSEHOLD,
        atena_number=number,
        request_kind=RequestKind.SELF,
        identity_check=IdentityCheck.DRIVING_LICENCE,
    )
    context = _registry.context("resident_certificate")
    done = certificates.issue_certificate(context=context, order=order)
    documents.make_certificate(context=context, batch=done.batch)
    if len(bare) < 5:
        sheet = CertificateIssue.objects.filter(batch=done.batch).earliest("pk")
        content = layout.document_of(sheet, certificates.rows_of(sheet), [sheet.issue_number])
        bare.append(_registry.timed(lambda: printing.render(layout.LAYOUT, content, at=sheet.issued_at)))
