-- 媒体台帳との結び付き (CTL-113, CTL-117): a report counts as handed over only when the 媒体台帳 shows a medium with just
-- this report and this content, signed out by the first officer and witnessed by the second. Whoever writes the row asks
-- nobody's leave for this.
create or replace function national_pension.report_in_register() returns trigger
language plpgsql security definer set search_path = pg_temp as $$
begin
    if new.state in ('built', 'discarded') then
        return new;
    end if;
    if tg_op = 'UPDATE' and old.state not in ('built', 'discarded') then
        return new;
    end if;
    if not exists (
        select 1
          from common_platform.register_entry e
          join lateral (select w.sequence, w.content from common_platform.register_step w
                         where w.entry_id = e.id and w.action = 'write' order by w.sequence desc limit 1) w on true
          join common_platform.register_step h
            on h.entry_id = e.id and h.action = 'hand_over' and h.sequence > w.sequence
          join common_platform.register_step t
            on t.entry_id = e.id and t.action = 'witness' and t.countersigns = h.sequence
         where e.kind = 'medium' and e.number = new.medium_number
           and w.content ->> 'report' = format('R%s-%s', new.fiscal_year, lpad(new.serial::text, 3, '0'))
           and lower(w.content ->> 'sha256') = lower(new.media_sha256)
           and h.signed_by = new.first_officer and t.signed_by = new.second_officer)
    then
        raise exception 'report_in_register: 媒体台帳に、この報告の払出から立会までの記録がありません'
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger report_in_register before insert or update of state on national_pension.report_batch
    for each row execute function national_pension.report_in_register();
