"""保存の規則 (国民年金情報ファイル): who goes after the last loss, and how nobody comes back.

資格と免除の記録: until 5 years after the death, or after the last loss of the qualification and not before age 75
(old-age claims arise decades later). Whoever has something open stays. [check: the city's 文書管理規程]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards.rules import register_rule
from kokunen.common_platform.safeguards.services.deletion import token_of
from kokunen.kernel.calendar import add_months
from kokunen.national_pension.models import ForgottenPerson
from kokunen.national_pension.services.common import USING

_YEARS_AFTER, _AGE, _DEATH = 5, 75, "01"
_CANDIDATES = """
select p.atena_number
  from (select atena_number, max(birth_date) as birth_date from insured_person
         where upper(recorded_period) is null group by atena_number) p
  join lateral (
       select bool_or(upper_inf(q.valid_period)) as going_on, max(upper(q.valid_period)) as last_loss,
              bool_or(q.loss_reason = %(death)s) as died
         from qualification_period q
        where q.atena_number = p.atena_number and upper(q.recorded_period) is null) q on true
 where not coalesce(q.going_on, false) and q.last_loss <= %(long_ago)s
   and (q.died or p.birth_date <= %(old)s)
   and not exists (select 1 from receipt r where p.atena_number in (r.atena_number, r.about_atena_number)
                    and (r.state not in ('80', '90') or r.received_on > %(long_ago)s))
   and not exists (select 1 from work_item w where w.atena_number = p.atena_number and w.state in ('open', 'planned'))
 order by 1
"""


class PensionFileRule:
    """国民年金情報ファイルの保存の規則"""

    code = "national_pension"
    label = "国民年金情報ファイルの年次の削除"

    def candidates(self, as_of: date) -> Sequence[str]:
        """Everybody whose retention is over on that day."""
        facts: dict[str, Any] = {
            "death": _DEATH,
            "long_ago": add_months(as_of, -12 * _YEARS_AFTER),
            "old": add_months(as_of, -12 * _AGE),
        }
        with connections[USING].cursor() as cursor:
            cursor.execute(_CANDIDATES, facts)
            return [number for (number,) in cursor.fetchall()]

    def delete(self, number: str) -> Mapping[str, int]:
        """Delete the candidates of that run; the database looks at the approval itself."""
        with transaction.atomic(using=USING), connections[USING].cursor() as cursor:
            cursor.execute("select atena_number from national_pension.deletion_people(%s)", [number])
            gone = [row[0] for row in cursor.fetchall()]
            ForgottenPerson.objects.bulk_create(
                (ForgottenPerson(token=token_of(one), forgotten_on=clock.today()) for one in gone),
                ignore_conflicts=True,
            )
            cursor.execute("select table_name, rows from national_pension.delete_people(%s)", [number])
            return {str(table): int(rows) for table, rows in cursor.fetchall()}

    def present(self) -> Sequence[str]:
        """Everybody on the roll."""
        with connections[USING].cursor() as cursor:
            cursor.execute("select distinct atena_number from insured_person order by 1")
            return [number for (number,) in cursor.fetchall()]


def forgotten_among(numbers: Iterable[str]) -> set[str]:
    """消した人: those of these who were deleted; a late message about them changes nothing."""
    tokens = {token_of(number): number for number in set(numbers)}
    found = ForgottenPerson.objects.filter(token__in=list(tokens)).values_list("token", flat=True)
    return {tokens[token] for token in found}


_ORPHANS = """
select distinct p.atena_number from insured_person p
 where upper(p.recorded_period) is null and not exists (
       select 1 from qualification_period q where q.atena_number = p.atena_number)
   and not exists (select 1 from receipt r where p.atena_number in (r.atena_number, r.about_atena_number))
   and not exists (select 1 from exemption_application e
                    where p.atena_number in (e.atena_number, e.spouse_atena_number, e.head_atena_number))
   and not exists (select 1 from work_item w where w.atena_number = p.atena_number)
 order by 1
"""


def find_orphans() -> list[str]:
    """対象の範囲にない記録: on the roll without anything of II.2 ③ (quarterly report, CTL-037)."""
    with connections[USING].cursor() as cursor:
        cursor.execute(_ORPHANS)
        return [number for (number,) in cursor.fetchall()]


register_rule(PensionFileRule())
