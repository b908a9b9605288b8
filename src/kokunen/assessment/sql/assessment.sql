-- 評価書の版: what was published stays as it was published; run by the migrator after the tables exist.
create or replace function assessment.guard_published() returns trigger language plpgsql as $$
begin
    raise exception '公表した評価書は変更も削除もできません' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger version_guard before update or delete on assessment.assessment_assessmentversion
    for each row when (old.state = 'published') execute function assessment.guard_published();
