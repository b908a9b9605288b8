-- 住民基本台帳の規則 in the database: what no program error may break.

create sequence if not exists atena_number_seq as bigint minvalue 1 maxvalue 99999999999999;
create sequence if not exists household_number_seq as bigint minvalue 1 maxvalue 99999999999999;

-- 住民票コード: 10 digits and a check digit (規則1条).
create function is_resident_code(value text) returns boolean language sql immutable parallel safe as $$
    select case when octet_length(value) = 11 and ltrim(value, '0123456789') = '' and value <> '00000000000' then (11 - (
        5 * (value::bigint / 10000000000 % 10) + 4 * (value::bigint / 1000000000 % 10) + 3 * (value::bigint / 100000000 % 10)
        + 2 * (value::bigint / 10000000 % 10) + 7 * (value::bigint / 1000000 % 10) + 6 * (value::bigint / 100000 % 10)
        + 5 * (value::bigint / 10000 % 10) + 4 * (value::bigint / 1000 % 10) + 3 * (value::bigint / 100 % 10)
        + 2 * (value::bigint / 10 % 10)
    ) % 11) % 11 % 10 = value::bigint % 10 else value is null and null end
$$;

-- 続柄 (SPEC 1.1.11): the standard's words, joined by の, at most four.
create function is_relationship(value text) returns boolean language sql immutable parallel safe as $$
    select value in ('', '世帯主', '妻', '夫', '子', '縁故者', '同居人') or value ~
        '^(夫（未届）|妻（未届）|子（子の夫）|子（子の妻）|夫|妻|子|父|母|兄|姉|弟|妹)(の(夫（未届）|妻（未届）|子（子の夫）|子（子の妻）|夫|妻|子|父|母|兄|姉|弟|妹)){0,3}$'
$$;

alter table resident_version
    add constraint resident_atena_number_holds check (public.is_atena_number(atena_number)),
    add constraint resident_household_number_holds check (public.is_atena_number(household_number)),
    add constraint resident_code_holds check (resident_code = '' or is_resident_code(resident_code)),
    add constraint resident_relationship_allowed check (is_relationship(relationship)),
    add constraint resident_head_by_code check ((relationship = '世帯主') = (relationship_codes = '02')),
    add constraint resident_head_of_own_household check (relationship_codes <> '02' or status <> '1' or head_atena_number = atena_number),
    add constraint resident_card_number_holds check (residence_card_number = '' or residence_card_number ~ '^[A-Z]{2}[0-9]{8}[A-Z]{2}$');
alter table household add constraint household_number_holds check (public.is_atena_number(household_number));
alter table resident_code_assignment add constraint assigned_code_holds check (is_resident_code(resident_code));
alter table resident_code_stock add constraint stocked_code_holds check (is_resident_code(resident_code));

-- 世帯の整合: whoever lives in a household now has its address and its head on the record, and the head is one of them. Looked at
-- once a statement over the rows it added, so that a notice adds all its rows at once and a bulk load stays fast.
create function guard_household() returns trigger language plpgsql as $$
declare
    broken text;
begin
    select h.household_number into broken
    from (select distinct household_number from added where upper(recorded_period) is null and upper(valid_period) is null) h
    join resident_version m on m.household_number = h.household_number and m.status = '1'
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

create trigger guard_household after insert on resident_version
    referencing new table as added for each statement execute function guard_household();

-- 部分一致の索引.
create index search_name_kana_part on search_name using gin (public.unibi(kana_key));
create index search_name_name_part on search_name using gin (public.unibi(name_key));
alter index search_name_kana_part alter column 1 set statistics 200;
alter index search_name_name_part alter column 1 set statistics 300;
