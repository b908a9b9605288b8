-- 住登外管理の規則 in the database: number ranges, check digits, depth of merging, search indexes.

-- 付番: ranges of our own that never meet the residents' (共通機能標準仕様書 2.3.2); the check digit is added.
create sequence if not exists nonresident_number_seq as bigint minvalue 900000001 maxvalue 949999999 start 900000001;
create sequence if not exists corporation_number_seq as bigint minvalue 950000001 maxvalue 999999999 start 950000001;

alter table atena_version
    add constraint atena_number_holds check (public.is_atena_number(atena_number)),
    add constraint atena_postal_code_holds check (postal_code = '' or postal_code ~ '^[0-9]{7}$'),
    add constraint atena_municipality_code_holds check (municipality_code = '' or municipality_code ~ '^[0-9]{6}$');
alter table number_binding
    add constraint binding_atena_number_holds check (public.is_atena_number(atena_number)),
    add constraint binding_cipher_holds check (octet_length(cipher) > 28),
    add constraint binding_index_holds check (number_index ~ '^[0-9a-f]{32}$' and number_token ~ '^[0-9a-f]{32}$');

-- 名寄せの深さは1: a child cannot be a parent, and a parent cannot be a child. The lock makes two officers wait for one another.
create function guard_merge_depth() returns trigger language plpgsql as $$
begin
    if new.state not in ('2', '3') then
        return new;
    end if;
    perform pg_advisory_xact_lock(hashtext('kokunen.merge'));
    if exists (select 1 from merge_link l where l.state in ('2', '3') and l.id <> new.id
               and (l.child = new.parent or l.parent = new.child)) then
        raise exception '名寄せは1段だけです' using errcode = 'check_violation', constraint = 'link_depth_one';
    end if;
    return new;
end $$;
create trigger guard_merge_depth before insert or update on merge_link for each row execute function guard_merge_depth();

create index search_name_kana_part on search_name using gin (public.unibi(kana_key));
create index search_name_name_part on search_name using gin (public.unibi(name_key));
