-- 使われているコードはなくせない: run by the migrator, whose right to look into every schema stands behind the function.
-- It tells only whether a code is used and where, never by whom. Tables that are not there (yet) use nothing.

create or replace function code_in_use(p_dictionary text, p_code text, p_label text) returns text
language plpgsql stable security definer set search_path = common_platform, pg_temp as $$
declare
    v_point record;
    v_found boolean;
begin
    for v_point in select * from (values
        ('municipalities', 'nonresident_registry.atena_version', '住登外者の住所',
         'municipality_code = $1 and upper_inf(valid_period) and upper_inf(recorded_period)'),
        ('towns', 'resident_registry.resident_version', '住民の住所',
         'town_id = $1 and status = ''1'' and upper_inf(valid_period) and upper_inf(recorded_period)'),
        ('relations', 'resident_registry.resident_version', '住民の続柄',
         '$1 = any(string_to_array(relationship_codes, '','')) and status = ''1'' and upper_inf(valid_period) and upper_inf(recorded_period)'),
        ('reasons', 'resident_registry.resident_event', '住民異動の記録', 'code = $1'),
        ('nationalities', 'resident_registry.resident_version', '外国人住民の国籍・地域',
         'nationality_code = $1 and status = ''1'' and upper_inf(valid_period) and upper_inf(recorded_period)'),
        ('residence_statuses', 'resident_registry.resident_version', '外国人住民の在留資格',
         'residence_status = $2 and status = ''1'' and upper_inf(valid_period) and upper_inf(recorded_period)')
    ) as p(dictionary, place, words, condition) where p.dictionary = p_dictionary
    loop
        if to_regclass(v_point.place) is null then
            continue;
        end if;
        execute format('select exists (select 1 from %s where %s)', v_point.place, v_point.condition)
            into v_found using p_code, p_label;
        if v_found then
            return v_point.words;
        end if;
    end loop;
    return null;
end $$;
revoke all on function code_in_use(text, text, text) from public;
grant execute on function code_in_use(text, text, text) to kokunen_common_platform;

-- A row may only be ended, once; at commit a code that ended without a successor must be in nobody's use.
create or replace function guard_code_entry() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'コードは消せません。終わりの日を入れてください' using errcode = 'check_violation', constraint = 'code_entry_stays';
    end if;
    if upper(old.valid_period) is not null or (new.dictionary, new.code, new.label, new.kana, new.facts, new.edition_id)
            is distinct from (old.dictionary, old.code, old.label, old.kana, old.facts, old.edition_id)
            or lower(new.valid_period) <> lower(old.valid_period) or upper(new.valid_period) is null then
        raise exception 'コードの行は書き換えられません' using errcode = 'check_violation', constraint = 'code_entry_stays';
    end if;
    return new;
end $$;
create or replace trigger guard_code_entry before update or delete on code_entry
    for each row execute function guard_code_entry();

create or replace function guard_code_in_use() returns trigger language plpgsql as $$
declare
    v_place text;
begin
    if exists (select 1 from code_entry e where e.dictionary = new.dictionary and e.code = new.code
               and e.valid_period @> upper(new.valid_period)) then
        return null;
    end if;
    v_place := code_in_use(new.dictionary, new.code, new.label);
    if v_place is not null then
        raise exception 'コード % は使われています（%）', new.code, v_place
            using errcode = 'check_violation', constraint = 'code_in_use';
    end if;
    return null;
end $$;
drop trigger if exists guard_code_in_use on code_entry;
create constraint trigger guard_code_in_use after update on code_entry deferrable initially deferred
    for each row execute function guard_code_in_use();
