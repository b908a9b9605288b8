-- 台帳: nothing is changed or removed, steps come in order, and a second signature is another person's.
create or replace function common_platform.guard_register() returns trigger language plpgsql as $$
begin
    raise exception '台帳の記録は変更も削除もできません（%）', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger register_entry_guard before update or delete on common_platform.register_entry
    for each row execute function common_platform.guard_register();
create trigger register_step_guard before update or delete on common_platform.register_step
    for each row execute function common_platform.guard_register();
create trigger register_entry_guard_truncate before truncate on common_platform.register_entry
    for each statement execute function common_platform.guard_register();
create trigger register_step_guard_truncate before truncate on common_platform.register_step
    for each statement execute function common_platform.guard_register();
create trigger bulk_output_guard before update or delete on common_platform.bulk_output
    for each row execute function common_platform.guard_register();

create or replace function common_platform.guard_register_step() returns trigger language plpgsql as $$
declare
    v_signer text;
begin
    if new.sequence <> coalesce((select max(sequence) from common_platform.register_step where entry_id = new.entry_id), 0) + 1 then
        raise exception '手続の順番が続いていません' using errcode = 'check_violation', constraint = 'register_step_in_order';
    end if;
    if new.countersigns is not null then
        if new.countersigns = 0 then
            select created_by into v_signer from common_platform.register_entry where id = new.entry_id;
        else
            select signed_by into v_signer from common_platform.register_step
                where entry_id = new.entry_id and sequence = new.countersigns;
        end if;
        if v_signer is null or v_signer = new.signed_by then
            raise exception 'register_second_hand: 同じ職員は2つ目の署名ができません' using errcode = 'check_violation',
                constraint = 'register_second_hand';
        end if;
    end if;
    return new;
end $$;
create trigger register_step_second_hand before insert on common_platform.register_step
    for each row execute function common_platform.guard_register_step();
