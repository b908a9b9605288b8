-- 今日の書類の人数: only ever goes up, so that the limit of the day cannot be started again.
create or replace function common_platform.guard_papers_of_day() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or new.people < old.people or (new.staff_number, new.day) <> (old.staff_number, old.day) then
        raise exception '今日の書類の人数は減らせません' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger bulk_papers_of_day_guard before update or delete on common_platform.bulk_papers_of_day
    for each row execute function common_platform.guard_papers_of_day();
create trigger bulk_papers_of_day_guard_truncate before truncate on common_platform.bulk_papers_of_day
    for each statement execute function common_platform.guard_papers_of_day();
insert into common_platform.bulk_papers_of_day (staff_number, day, people)
    select staff_number, (made_at at time zone 'Asia/Tokyo')::date, sum(people)
    from common_platform.bulk_output where is_paper and approval = '' group by 1, 2;
