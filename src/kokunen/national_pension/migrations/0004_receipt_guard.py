"""受付: the database refuses what the way of a receipt does not have."""

import django.contrib.postgres.constraints
from django.db import migrations, models

GUARD = """
create or replace function receipt_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception '受付は削除できません（取下げで終えてください）'
            using errcode = 'check_violation', constraint = 'receipt_never_removed';
    end if;
    if tg_op = 'INSERT' then
        if new.state <> '10' and new.received_by <> 'load' then
            raise exception '受付は「受付」から始まります'
                using errcode = 'check_violation', constraint = 'receipt_begins';
        end if;
        return new;
    end if;
    if new.atena_number <> old.atena_number or new.received_on <> old.received_on or new.kind <> old.kind then
        raise exception '受付番号・届書・対象の方は変えられません'
            using errcode = 'check_violation', constraint = 'receipt_identity';
    end if;
    if new.state <> old.state and (old.state || new.state) not in (
        '1020', '1030', '1080',
        '2030', '2040', '2080',
        '3020', '3040', '3080', '3090',
        '4050', '4020', '4080',
        '5060', '5070', '5071', '5080',
        '6040', '6020', '6080',
        '7090', '7190'
    ) then
        raise exception '受付状況を % から % にはできません', old.state, new.state
            using errcode = 'check_violation', constraint = 'receipt_way';
    end if;
    return new;
end $$;
create trigger receipt_guard before insert or update or delete on receipt
    for each row execute function receipt_guard();

-- at commit every state has its step: who moved the receipt there, when and why
create or replace function receipt_step_told() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from receipt_step s where s.notice_id = new.id and s.state = new.state) then
        raise exception '受付の経過がありません'
            using errcode = 'check_violation', constraint = 'receipt_step_told';
    end if;
    return null;
end $$;
create constraint trigger receipt_step_told after insert or update of state on receipt
    deferrable initially deferred for each row execute function receipt_step_told();

-- the way to the Service is closed while a paper is missing
create or replace function receipt_papers_there() returns trigger language plpgsql as $$
begin
    if new.state = '40' and old.state <> '40'
        and exists (select 1 from receipt_paper p where p.receipt_id = new.id and p.state = 'missing') then
        raise exception '不足している書類があります'
            using errcode = 'check_violation', constraint = 'receipt_papers_there';
    end if;
    return new;
end $$;
create trigger receipt_papers_there before update of state on receipt
    for each row execute function receipt_papers_there();
"""
UNGUARD = """
drop trigger receipt_guard on receipt;
drop trigger receipt_step_told on receipt;
drop trigger receipt_papers_there on receipt;
drop function receipt_guard();
drop function receipt_step_told();
drop function receipt_papers_there();
"""


class Migration(migrations.Migration):

    dependencies = [('national_pension', '0003_receipt_carried')]

    operations = [
        migrations.RemoveConstraint(
            model_name='receipt',
            name='notice_end_has_day',
        ),
        migrations.RemoveField(
            model_name='receipt',
            name='attachments',
        ),
        migrations.RemoveField(
            model_name='receipt',
            name='missing_papers',
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', True), ('state__in', ['10', '20', '30', '40', '50', '60', '70', '71'])), models.Q(('closed_on__isnull', False), ('state__in', ['80', '90'])), _connector='OR'), name='notice_end_has_day'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', '80'), _negated=True), models.Q(('end_reason', ''), _negated=True), _connector='OR'), name='receipt_withdrawal_reason'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', '90'), _negated=True), ('to_report', False), models.Q(('sent_on__isnull', False), ('result_on__isnull', False)), _connector='OR'), name='receipt_done_was_answered'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['70', '71']), _negated=True), ('result_on__isnull', False), _connector='OR'), name='receipt_result_has_day'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by', models.F('received_by')), _negated=True), name='receipt_second_look'),
        ),
        migrations.AddConstraint(
            model_name='receiptentry',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('receipt', '='), ('valid_period', '&&'), ('recorded_period', '&&')], name='receipt_entry_no_overlap'),
        ),
        migrations.AddConstraint(
            model_name='receiptpaper',
            constraint=models.UniqueConstraint(fields=('receipt', 'name'), name='receipt_paper_once'),
        ),
        migrations.AddConstraint(
            model_name='receiptpaper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'missing'), _negated=True), ('due_on__isnull', False), _connector='OR'), name='receipt_paper_missing_due'),
        ),
        migrations.AddConstraint(
            model_name='receiptpaper',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'missing'), models.Q(('settled_at__isnull', False), models.Q(('settled_by', ''), _negated=True)), _connector='OR'), name='receipt_paper_settled'),
        ),
        migrations.AddConstraint(
            model_name='receiptpaper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waived'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='receipt_paper_waived_why'),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
