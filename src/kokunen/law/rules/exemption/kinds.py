"""免除の区分 (kinds): what can come out of an application, how strong it is, and in which order it is tried."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """免除の種類: the exempted part, or 納付猶予."""

    FULL = "full_exemption"
    DEFERRAL = "deferral"
    THREE_QUARTER = "three_quarter_exemption"
    HALF = "half_exemption"
    QUARTER = "quarter_exemption"


ORDER = (Kind.FULL, Kind.DEFERRAL, Kind.THREE_QUARTER, Kind.HALF, Kind.QUARTER)
"""判定の順: full exemption, then 納付猶予, then the partial ones."""

PARTIAL = (Kind.THREE_QUARTER, Kind.HALF, Kind.QUARTER)

RANK = {Kind.FULL: 0, Kind.DEFERRAL: 0, Kind.THREE_QUARTER: 1, Kind.HALF: 2, Kind.QUARTER: 3}
"""要件の厳しさ: who passes a kind passes every kind of a higher number; 納付猶予 has the test of the full exemption."""

STUDENT, REJECTED, UNDETERMINED = "student_deferral", "rejected", "undetermined"
RESULTS = (*map(str, ORDER), STUDENT, REJECTED, UNDETERMINED)
"""月の結果: every word that can stand as the result of a month."""


class Best(StrEnum):
    """所得で通る最良の種類."""

    FULL = "full_exemption"
    THREE_QUARTER = "three_quarter_exemption"
    HALF = "half_exemption"
    QUARTER = "quarter_exemption"
    NONE = "none"
    UNKNOWN = "unknown"

    def passes(self, kind: Kind) -> bool:
        """Whether somebody of this result passes ``kind``: every kind weaker than the best one as well."""
        if self in (Best.NONE, Best.UNKNOWN):
            return False
        return RANK[Kind(self.value)] <= RANK[kind]


class Status(StrEnum):
    """所得の把握: known, 未申告, 他市課税で未照会."""

    KNOWN = "known"
    UNDECLARED = "undeclared"
    OTHER_CITY = "other_city"


PEOPLE = ("applicant", "spouse", "householder")
"""所得を審査する人, in order."""

GROUNDS = ("job_loss", "business_closed", "disaster", "welfare_other", "special_disability_benefit")
"""特例事由."""

DATED_GROUNDS = GROUNDS[:3]
"""日のある事由: 失業・廃業・災害 have a day, the others months."""
