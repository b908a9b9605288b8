-- 統合データベース: the order of a change feed. Run by the migrator; safe to repeat.
--
-- A change gets its sequence number inside the publisher's transaction, so numbers may commit out of order. A late commit must
-- never be skipped: a publisher holds shared advisory locks on its feed until its transaction ends, and a reader goes no further than the
-- lowest number that a running publisher may still bring. (docs/decisions/0004)
--   (feed, 0)  "gate": taken first, so that a publisher is seen before it has read the sequence
--   (feed, n)  "floor": every number of this publisher is greater than n

create or replace function integrated.enter_feed(p_feed text) returns void language plpgsql security definer
set search_path = integrated, pg_temp as $$
declare
    v_class integer := hashtext('kokunen.feed.' || p_feed);
    v_last bigint;
begin
    perform pg_advisory_xact_lock_shared(v_class, 0);
    v_last := coalesce(pg_sequence_last_value(format('integrated.%I', p_feed || '__change_seq_seq')::regclass), 0);
    perform pg_advisory_xact_lock_shared(v_class, (v_last % 2147483646)::integer + 1);
end $$;

create or replace function integrated.feed_horizon(p_feed text) returns bigint language plpgsql security definer
set search_path = integrated, pg_temp as $$
declare
    v_class oid := (hashtext('kokunen.feed.' || p_feed)::bigint & 4294967295)::oid;
    v_last bigint := coalesce(pg_sequence_last_value(format('integrated.%I', p_feed || '__change_seq_seq')::regclass), 0);
    v_floor bigint;
    v_unknown boolean;
begin
    -- read in this order: the sequence first, the holders after it
    select min(h.floor), bool_or(h.floor is null) into v_floor, v_unknown from (
        select min(objid::bigint) filter (where objid <> 0) as floor
        from pg_locks
        where locktype = 'advisory' and classid = v_class and objsubid = 2 and granted
          and database = (select oid from pg_database where datname = current_database())
        group by virtualtransaction
    ) h;
    if v_unknown then return 0; end if;
    if v_floor is null then return v_last; end if;
    -- the floor was stored modulo 2^31-2, plus one: bring it back below the last number
    v_floor := v_floor - 1;
    return v_last - ((v_last - v_floor) % 2147483646 + 2147483646) % 2147483646;
end $$;
