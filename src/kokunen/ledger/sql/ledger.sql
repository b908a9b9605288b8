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
    salt bytea default uuid_send(gen_random_uuid()), -- hides `detail` in its hash; null once forgotten
    unique (writer, writer_number)
);
create index if not exists entry_atena on ledger.entry using gin (atena_numbers);
create index if not exists entry_recorded_at on ledger.entry (recorded_at);
create index if not exists entry_serial on ledger.entry (serial) where serial is not null;

-- What waits for the sealer. A row leaves in the transaction that seals it.
create table if not exists ledger.unsealed (entry_id bigint primary key);

create table if not exists ledger.seal (
    position bigint primary key,
    entry_id bigint not null unique, -- made from the entry by `seal_committed`, the only writer; entries cannot be deleted
    detail_hash bytea not null,
    subjects_hash bytea not null,
    leaf bytea not null,
    chain bytea not null,
    sealed_at timestamptz not null default clock_timestamp()
);

-- 本人: one row per person who was ever looked at. The token stands for the person in every proof; salt and 宛名番号 are
-- taken away when the person is forgotten, and then nobody can tell whose token it was.
create table if not exists ledger.person (
    person_id bigint generated always as identity primary key,
    atena_number text unique,
    salt bytea,
    token bytea not null unique,
    last_number bigint not null default 0,
    head bytea not null,
    check ((atena_number is null) = (salt is null))
) with (fillfactor = 60);
create index if not exists person_bucket on ledger.person ((get_byte(token, 0) * 16 + get_byte(token, 1) / 16));

-- Per person, the entries that name them, numbered without gaps: an omission in a disclosure shows.
create table if not exists ledger.subject (
    person_id bigint not null,
    number bigint not null,
    position bigint not null,
    commitment bytea not null,
    primary key (person_id, number)
);
create index if not exists subject_position on ledger.subject (position);

-- 検印: signed statements about the whole log, handed to the second custodian. `tiles` are the roots of each 256 leaves.
create table if not exists ledger.checkpoint (
    number bigint primary key check (number > 0),
    first_position bigint not null,
    last_position bigint not null,
    tiles bytea not null,
    statement text not null,
    signature bytea not null,
    receipt_statement text,
    receipt_signature bytea,
    unique (last_position, number)
);

-- People by the first 12 bits of their token; the hashes stand as of the newest checkpoint.
create table if not exists ledger.people_bucket (bucket integer primary key, hash bytea not null);

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

create or replace function ledger.part(p text) returns text language sql immutable as $$
    select octet_length(p)::text || ':' || p || ','
$$;

-- The bytes that are hashed: a fixed order of fields, each with its length in front, so that no two entries look alike.
-- Detail and people stand in them as salted hashes only: they can be forgotten, and the log still verifies.
create or replace function ledger.entry_bytes(e ledger.entry, detail_hash bytea, subjects_hash bytea) returns bytea
language sql stable as $$
    select convert_to(
        ledger.part(e.entry_id::text) || ledger.part(to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))
        || ledger.part(e.writer) || ledger.part(e.writer_number::text) || ledger.part(e.staff_number)
        || ledger.part(e.office_code) || ledger.part(e.purpose) || ledger.part(e.act) || ledger.part(e.dataset)
        || ledger.part(e.screen) || ledger.part(e.terminal) || ledger.part(coalesce(e.case_id, ''))
        || ledger.part(coalesce(e.serial, '')) || ledger.part(array_to_json(e.items)::text)
        || ledger.part(e.subject_count::text) || ledger.part(encode(detail_hash, 'hex'))
        || ledger.part(encode(subjects_hash, 'hex')), 'UTF8')
$$;

-- Stable, not immutable: only so the planner writes them into the statement instead of calling them row by row.
create or replace function ledger.token_of(salt bytea, atena text) returns bytea language sql stable as $$
    select sha256('\x05'::bytea || salt || convert_to(atena, 'UTF8'))
$$;

create or replace function ledger.commitment_of(salt bytea, atena text, entry_id bigint) returns bytea language sql stable as $$
    select sha256('\x03'::bytea || salt || convert_to(atena || '/' || entry_id::text, 'UTF8'))
$$;

create or replace function ledger.detail_hash_of(salt bytea, detail jsonb) returns bytea language sql stable as $$
    select sha256('\x06'::bytea || salt || convert_to(detail::text, 'UTF8'))
$$;

-- One step of the chain over all entries, and of a person's head: folded over the leaves of a batch in their order.
create or replace function ledger.chain_step(state bytea, start bytea, leaf bytea) returns bytea language plpgsql
immutable parallel safe as $$ begin return sha256(coalesce(state, start) || leaf); end $$;
create or replace function ledger.head_step(state bytea, start bytea, leaf bytea) returns bytea language plpgsql
immutable parallel safe as $$ begin return sha256('\x02'::bytea || coalesce(state, start) || leaf); end $$;
create or replace aggregate ledger.chain_of(start bytea, leaf bytea) (sfunc = ledger.chain_step, stype = bytea);
create or replace aggregate ledger.head_of(start bytea, leaf bytea) (sfunc = ledger.head_step, stype = bytea);

-- Seals what has been committed; returns how many. One sealer at a time (advisory lock), short transactions. The batch
-- is one statement: only the chain and the heads of people with several entries in it go step by step.
create or replace function ledger.seal_committed(p_limit integer) returns integer language plpgsql security definer
set search_path = ledger, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
    v_ids bigint[];
    v_position bigint;
    v_chain bytea;
begin
    perform pg_advisory_xact_lock(hashtext('kokunen.ledger.seal'), 0);
    with taken as (
        delete from unsealed where entry_id in (select entry_id from unsealed order by entry_id limit p_limit) returning entry_id
    )
    select array_agg(entry_id order by entry_id) into v_ids from taken;
    if v_ids is null then
        return 0;
    end if;
    insert into person (atena_number, salt, token, head)
        select n.atena, n.salt, token_of(n.salt, n.atena), token_of(n.salt, n.atena)
        from (
            select d.atena, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as salt
            from (select distinct unnest(e.atena_numbers) as atena from entry e where e.entry_id = any (v_ids)) d
            where not exists (select 1 from person p where p.atena_number = d.atena) offset 0
        ) n;
    select position, chain into v_position, v_chain from seal order by position desc limit 1;
    v_position := coalesce(v_position, 0);
    v_chain := coalesce(v_chain, sha256('kokunen ledger'::bytea));
    with named as materialized (
        select a.entry_id, p.person_id, p.last_number, p.head,
               commitment_of(p.salt, p.atena_number, a.entry_id) as commitment
        from (
            select distinct e.entry_id, unnest(e.atena_numbers) as atena from entry e where e.entry_id = any (v_ids)
        ) a join person p on p.atena_number = a.atena
    ), leaf as materialized (
        select c.entry_id, c.position, c.detail_hash, c.subjects_hash,
               sha256('\x00'::bytea || entry_bytes(c.e, c.detail_hash, c.subjects_hash)) as leaf
        from (
            select e, e.entry_id, v_position + row_number() over (order by e.entry_id) as position,
                   detail_hash_of(e.salt, e.detail) as detail_hash,
                   coalesce(s.subjects_hash, sha256(''::bytea)) as subjects_hash
            from entry e left join (
                select entry_id, sha256(string_agg(commitment, ''::bytea order by commitment)) as subjects_hash
                from named group by entry_id
            ) s using (entry_id)
            where e.entry_id = any (v_ids) offset 0
        ) c
    ), sealed as (
        insert into seal (position, entry_id, detail_hash, subjects_hash, leaf, chain)
            select position, entry_id, detail_hash, subjects_hash, leaf,
                   chain_of(v_chain, leaf) over (order by position rows unbounded preceding)
            from leaf
    ), numbered as materialized (
        select n.person_id, n.head, n.commitment, l.position, l.leaf,
               n.last_number + row_number() over (partition by n.person_id order by l.position) as number
        from named n join leaf l using (entry_id)
    ), moved as (
        update person p set last_number = f.number, head = f.head
        from (
            select person_id, max(number) as number, head_of(head, leaf order by position) as head
            from numbered group by person_id
        ) f where p.person_id = f.person_id
    )
    insert into subject (person_id, number, position, commitment)
        select person_id, number, position, commitment from numbered order by position;
    return cardinality(v_ids);
end $$;

-- Keeps a checkpoint that the sealing process has signed, with the buckets of people that moved since the one before.
create or replace function ledger.keep_checkpoint(
    p_number bigint, p_first bigint, p_last bigint, p_tiles bytea, p_statement text, p_signature bytea,
    p_buckets integer[], p_hashes bytea[]
) returns void language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
    if p_number <> coalesce((select max(number) from checkpoint), 0) + 1 then
        raise exception '検印の番号が続いていません';
    end if;
    insert into checkpoint (number, first_position, last_position, tiles, statement, signature)
        values (p_number, p_first, p_last, p_tiles, p_statement, p_signature);
    insert into people_bucket (bucket, hash) select * from unnest(p_buckets, p_hashes)
        on conflict (bucket) do update set hash = excluded.hash;
end $$;

-- The second custodian's receipt is added once and never changed.
create or replace function ledger.keep_receipt(p_number bigint, p_statement text, p_signature bytea) returns void
language sql security definer set search_path = ledger, pg_temp as $$
    update checkpoint set receipt_statement = p_statement, receipt_signature = p_signature
    where number = p_number and receipt_statement is null
$$;

-- 忘れる: takes 宛名番号, salts and details of these people away (after retention). Returns how many people.
create or replace function ledger.forget_people(p_atena text[]) returns integer language plpgsql security definer
set search_path = ledger, pg_temp as $$
declare
    v_count integer;
begin
    perform pg_advisory_xact_lock(hashtext('kokunen.ledger.seal'), 0);
    if exists (select 1 from unsealed u join entry e using (entry_id) where e.atena_numbers && p_atena) then
        raise exception '封印を待つ記録があります。封印が済んでからやり直してください';
    end if;
    perform set_config('kokunen.forgetting', 'yes', true);
    update entry e set detail = '{}', salt = null,
        atena_numbers = array(select a from unnest(e.atena_numbers) as a where a <> all (p_atena))
    where e.atena_numbers && p_atena;
    perform set_config('kokunen.forgetting', '', true);
    update person set atena_number = null, salt = null where atena_number = any (p_atena);
    get diagnostics v_count = row_count;
    return v_count;
end $$;

create or replace function ledger.guard_entry() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and current_setting('kokunen.forgetting', true) = 'yes' and new.salt is null and new.detail = '{}'
        and new.atena_numbers <@ old.atena_numbers
        and to_jsonb(new) - 'salt' - 'detail' - 'atena_numbers' = to_jsonb(old) - 'salt' - 'detail' - 'atena_numbers' then
        return new;
    end if;
    raise exception '閲覧記録は変更も削除もできません' using errcode = 'insufficient_privilege';
end $$;
create or replace function ledger.guard() returns trigger language plpgsql as $$
begin
    raise exception '閲覧記録は変更も削除もできません' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger entry_guard before update or delete on ledger.entry for each row execute function ledger.guard_entry();
create or replace trigger entry_guard_truncate before truncate on ledger.entry for each statement execute function ledger.guard();
do $$ declare t text; begin
    foreach t in array array['seal', 'subject', 'checkpoint', 'writer', 'person'] loop
        execute format('create or replace trigger %1$s_guard_truncate before truncate on ledger.%1$I '
                       'for each statement execute function ledger.guard()', t);
        execute format('create or replace trigger %1$s_guard_delete before delete on ledger.%1$I '
                       'for each statement execute function ledger.guard()', t);
    end loop;
    foreach t in array array['seal', 'subject'] loop
        execute format('create or replace trigger %1$s_guard before update on ledger.%1$I '
                       'for each statement execute function ledger.guard()', t);
    end loop;
end $$;
-- Each row of a seal had been checked against its entry a second time; the guards above hold the same and cost nothing.
alter table ledger.seal drop constraint if exists seal_entry_id_fkey;
alter table ledger.subject drop constraint if exists subject_person_id_fkey;
