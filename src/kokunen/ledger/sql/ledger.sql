-- 閲覧記録台帳: tables, and the one function by which every subsystem writes. Run by the migrator; safe to repeat.
--
-- Nobody queues: an entry is an insert into `entry` plus a step of the writer's own counter, in the transaction of the read.
-- The counter rolls back with the transaction, so a number that is missing later was an entry that somebody took away.
-- One sealer (role kokunen_ledger) gives committed entries their order, hashes and per-person numbers within a second.

create table if not exists ledger.writer (
    writer text primary key,
    last_number bigint not null default 0
) with (fillfactor = 50);

create table if not exists ledger.entry (
    entry_id bigint generated always as identity primary key,
    recorded_at timestamptz not null default clock_timestamp(),
    writer text not null,
    writer_number bigint not null,
    staff_number text not null check (staff_number <> ''),
    office_code text not null,
    purpose text not null check (purpose <> ''),
    act text not null,
    dataset text not null,
    screen text not null default '',
    terminal text not null default '',
    case_id text,
    serial text,
    atena_numbers text[] not null default '{}',
    items text[] not null default '{}',
    subject_count integer not null default 0,
    detail jsonb not null default '{}',
    unique (writer, writer_number)
);
create index if not exists entry_atena on ledger.entry using gin (atena_numbers);
create index if not exists entry_recorded_at on ledger.entry (recorded_at);
create index if not exists entry_serial on ledger.entry (serial) where serial is not null;

-- What waits for the sealer. A row leaves in the transaction that seals it.
create table if not exists ledger.unsealed (entry_id bigint primary key);

create table if not exists ledger.seal (
    position bigint primary key,
    entry_id bigint not null unique references ledger.entry (entry_id) on delete restrict,
    leaf bytea not null,
    chain bytea not null,
    sealed_at timestamptz not null default clock_timestamp()
);

-- Per person, the entries that name them, numbered without gaps: an omission in a disclosure shows.
create table if not exists ledger.subject (
    atena_number text not null,
    number bigint not null,
    position bigint not null,
    primary key (atena_number, number)
);
create index if not exists subject_position on ledger.subject (position);

create or replace function ledger.record(
    p_staff text, p_office text, p_purpose text, p_act text, p_dataset text, p_screen text, p_terminal text,
    p_case text, p_serial text, p_atena text[], p_items text[], p_count integer, p_detail jsonb
) returns bigint language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
    -- A backend is one writer; a process id that comes back after another has ended goes on with its count.
    v_writer text := session_user || ':' || pg_backend_pid();
    v_number bigint;
    v_entry bigint;
begin
    insert into writer as w (writer, last_number) values (v_writer, 1)
        on conflict (writer) do update set last_number = w.last_number + 1 returning last_number into v_number;
    insert into entry (writer, writer_number, staff_number, office_code, purpose, act, dataset, screen, terminal, case_id,
                       serial, atena_numbers, items, subject_count, detail)
        values (v_writer, v_number, p_staff, p_office, p_purpose, p_act, p_dataset, p_screen, p_terminal, p_case,
                p_serial, p_atena, p_items, p_count, p_detail)
        returning entry_id into v_entry;
    insert into unsealed (entry_id) values (v_entry);
    return v_entry;
end $$;

-- The bytes that are hashed: a fixed order of fields, each with its length in front, so that no two entries look alike.
create or replace function ledger.entry_bytes(e ledger.entry) returns bytea language sql stable set search_path = pg_catalog, pg_temp as $$
    select convert_to(string_agg(octet_length(part)::text || ':' || part, ',' order by position), 'UTF8')
    from unnest(array[
        e.entry_id::text, to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.writer, e.writer_number::text,
        e.staff_number, e.office_code, e.purpose, e.act, e.dataset, e.screen, e.terminal, coalesce(e.case_id, ''),
        coalesce(e.serial, ''), array_to_json(e.atena_numbers)::text, array_to_json(e.items)::text, e.subject_count::text, e.detail::text
    ]) with ordinality as parts(part, position)
$$;

-- Seals what has been committed; returns how many. One sealer at a time (advisory lock), short transactions.
create or replace function ledger.seal_committed(p_limit integer) returns integer language plpgsql security definer
set search_path = ledger, pg_temp as $$
declare
    v_row record;
    v_position bigint;
    v_chain bytea;
    v_count integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('kokunen.ledger.seal'), 0);
    select position, chain into v_position, v_chain from seal order by position desc limit 1;
    v_position := coalesce(v_position, 0);
    v_chain := coalesce(v_chain, sha256('kokunen ledger'::bytea));
    for v_row in
        with taken as (
            delete from unsealed where entry_id in (select entry_id from unsealed order by entry_id limit p_limit)
            returning entry_id
        )
        select e.entry_id, sha256(entry_bytes(e)) as leaf, e.atena_numbers
        from entry e join taken using (entry_id) order by e.entry_id
    loop
        v_position := v_position + 1;
        v_chain := sha256(v_chain || v_row.leaf);
        v_count := v_count + 1;
        insert into seal (position, entry_id, leaf, chain) values (v_position, v_row.entry_id, v_row.leaf, v_chain);
        insert into subject (atena_number, number, position)
            select s.atena, coalesce((select max(number) from subject where atena_number = s.atena), 0) + 1, v_position
            from (select distinct unnest(v_row.atena_numbers) as atena) s;
    end loop;
    return v_count;
end $$;

create or replace function ledger.guard() returns trigger language plpgsql as $$
begin
    raise exception '閲覧記録は変更も削除もできません' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger entry_guard before update or delete on ledger.entry for each row execute function ledger.guard();
create or replace trigger entry_guard_truncate before truncate on ledger.entry for each statement execute function ledger.guard();
create or replace trigger seal_guard before update or delete on ledger.seal for each row execute function ledger.guard();
create or replace trigger seal_guard_truncate before truncate on ledger.seal for each statement execute function ledger.guard();
