-- 団体内統合宛名の規則 in the database: the number range, check digits, one serial after the other for each interface.

-- 付番: a range of its own (first digit 1), so that a 団体内統合宛名番号 is never taken for a 宛名番号 (first digit 0).
create sequence if not exists unified_number_seq as bigint minvalue 10000000000001 maxvalue 19999999999999 start 10000000000001;

alter table unified_person
    add constraint unified_number_holds check (unified_number ~ '^1[0-9]{14}$' and public.is_atena_number(unified_number));
alter table atena_link
    add constraint atena_link_number_holds check (public.is_atena_number(atena_number) and atena_number like '0%');
alter table number_period
    add constraint number_period_token_holds check (number_token ~ '^[0-9a-f]{32}$');

-- 番号の1対1は閉じても変わらない: a closed period is history.
create function guard_number_period() returns trigger language plpgsql as $$
begin
    if old.until is not null or new.number_token <> old.number_token or new.person_id <> old.person_id then
        raise exception '個人番号の履歴は書き換えられません' using errcode = 'check_violation', constraint = 'number_period_is_history';
    end if;
    return new;
end $$;
create trigger guard_number_period before update on number_period for each row execute function guard_number_period();
