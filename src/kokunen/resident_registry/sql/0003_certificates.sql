-- 世帯の整合: the check names its table with the schema, so that it holds whatever search path the writer has.
create or replace function resident_registry.guard_household() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
    broken text;
begin
    select h.household_number into broken
    from (select distinct household_number from added where upper(recorded_period) is null and upper(valid_period) is null) h
    join resident_registry.resident_version m on m.household_number = h.household_number and m.status = '1'
        and upper(m.recorded_period) is null and upper(m.valid_period) is null
    group by h.household_number
    having count(distinct (m.town_id, m.town, m.lot, m.building)) > 1
        or count(distinct (m.head_atena_number, m.head_name)) > 1
        or coalesce(max(m.atena_number) filter (where m.relationship_codes = '02'), '') <> max(m.head_atena_number)
    limit 1;
    if broken is not null then
        raise exception '世帯員の住所または世帯主が一致しません（世帯番号 %）', broken
            using errcode = 'check_violation', constraint = 'resident_household_agrees';
    end if;
    return null;
end $$;

-- 発行番号: the running number of every sheet handed out.
create sequence if not exists resident_registry.certificate_seq as bigint minvalue 1 maxvalue 99999999;
