-- 年次の削除, with the tables of 0008: decisions, 継続審査, 生活保護の通知 and 裁定受付情報 go with their person.
create or replace function national_pension.delete_people(p_number text) returns table (table_name text, rows bigint)
language plpgsql security definer set search_path = national_pension, pg_temp as $$
declare
    v_people text[];
    v_receipts bigint[];
    v_acts bigint[];
    v_batches bigint[];
    v_files bigint[];
    v_guarded text[];
    v_table text;
    v_step record;
    v_rows bigint;
begin
    select array_agg(p.atena_number) into v_people from deletion_people(p_number) p;
    set constraints all immediate;
    select array_agg(distinct c.relname::text) into v_guarded from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'national_pension'::regnamespace and not t.tgisinternal;
    foreach v_table in array coalesce(v_guarded, '{}') loop
        execute format('alter table %I disable trigger user', v_table);
    end loop;
    v_receipts := array(select id from receipt r where r.atena_number = any (v_people));
    v_acts := array(select id from qualification_act a where a.atena_number = any (v_people));
    v_batches := array(select distinct batch_id from report_line where notice_id = any (v_receipts));
    v_files := array(select distinct file_id from income_answer i where i.atena_number = any (v_people));
    for v_step in
        select * from (values
            (1, 'correction_proposal', 'atena_number = any ($1)'),
            (2, 'report_result_line', 'line_id in (select id from report_line where notice_id = any ($2))'),
            (3, 'report_line', 'notice_id = any ($2)'),
            (4, 'receipt_entry', 'receipt_id = any ($2)'),
            (5, 'receipt_step', 'notice_id = any ($2)'),
            (6, 'receipt_paper', 'receipt_id = any ($2)'),
            (7, 'work_item', 'atena_number = any ($1)'),
            (8, 'claim_record', 'receipt_id = any ($2)'),
            (9, 'claim_examination', 'atena_number = any ($1)'),
            (10, 'exemption_period', 'atena_number = any ($1)'),
            (11, 'exemption_decision', 'application_id in (select id from exemption_application where atena_number = any ($1))'),
            (12, 'exemption_application', 'atena_number = any ($1)'),
            (13, 'additional_premium_period', 'atena_number = any ($1)'),
            (14, 'qualification_act_line', 'act_id = any ($3)'),
            (15, 'welfare_notice', 'atena_number = any ($1)'),
            (16, 'continuation_case', 'atena_number = any ($1)'),
            (17, 'receipt', 'id = any ($2)'),
            (18, 'qualification_period', 'atena_number = any ($1)'),
            (19, 'qualification_act', 'id = any ($3)'),
            (20, 'consultation_note', 'atena_number = any ($1)'),
            (21, 'record_note', 'atena_number = any ($1)'),
            (22, 'inquiry_slip', 'atena_number = any ($1)'),
            (23, 'outreach_letter', 'atena_number = any ($1)'),
            (24, 'income_answer', 'atena_number = any ($1)'),
            (25, 'report_file', 'batch_id = any ($4)'),
            (26, 'qualification_hand_over', 'atena_number = any ($1)'),
            (27, 'pension_number', 'atena_number = any ($1)'),
            (28, 'insured_person', 'atena_number = any ($1)'),
            (29, 'feed_parked', 'atena_number = any ($1)')
        ) as t (step, name, condition) order by step
    loop
        execute format('delete from national_pension.%I where %s', v_step.name, v_step.condition)
            using v_people, v_receipts, v_acts, v_batches;
        get diagnostics v_rows = row_count;
        table_name := v_step.name;
        rows := v_rows;
        if v_rows > 0 then
            return next;
        end if;
    end loop;
    update income_request_file set answer = ''::bytea where id = any (v_files);
    delete from integrated.pension_qualification q where q.atena_number = any (v_people);
    get diagnostics v_rows = row_count;
    delete from integrated.pension_qualification__change q where q.atena_number = any (v_people);
    foreach v_table in array coalesce(v_guarded, '{}') loop
        execute format('alter table %I enable trigger user', v_table);
    end loop;
    if v_rows > 0 then
        table_name := 'integrated.pension_qualification';
        rows := v_rows;
        return next;
    end if;
end $$;
