"""受付: papers become rows, and what was closed gets the day of its answer and its reason."""

from django.db import migrations

CARRY = """
insert into receipt_paper (receipt_id, name, state, settled_at, settled_by, note)
select r.id, p.name, 'seen', r.received_at, r.received_by, ''
from receipt r, lateral (select distinct jsonb_array_elements_text(r.attachments) as name) p;
insert into receipt_paper (receipt_id, name, state, due_on, settled_by, note)
select r.id, p.name, 'missing', r.sending_due_on, '', ''
from receipt r, lateral (select distinct jsonb_array_elements_text(r.missing_papers) as name) p
on conflict do nothing;
update receipt set papers_due_on = sending_due_on where jsonb_array_length(missing_papers) > 0;
update receipt set result_on = closed_on where state = '90' and to_report;
update receipt r set end_reason = coalesce(
    nullif((select s.note from receipt_step s where s.notice_id = r.id and s.state = '80' order by s.id desc limit 1), ''),
    '取下げ') where state = '80';
"""


class Migration(migrations.Migration):

    dependencies = [('national_pension', '0002_receipt')]

    operations = [migrations.RunSQL(CARRY, migrations.RunSQL.noop)]
