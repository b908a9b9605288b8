-- 効力のある評価書の一項目 (CTL-022): the one thing that this program learns of the city: what I.2 of the assessment in
-- force says about its line. The assessment is published to everybody; nothing else of its schema can be read here.
create or replace function pension_records.line_in_force(p_day date) returns jsonb
language plpgsql stable security definer set search_path = pg_temp as $$
declare
    v_content jsonb;
begin
    select leaf -> 'content' into v_content
      from (select leaves from assessment.assessment_assessmentversion
             where state = 'published' and effective_on <= p_day order by effective_on desc, id desc limit 1) v
     cross join lateral jsonb_array_elements(v.leaves) leaf
     where leaf ->> 'id' = 'I.2.system7.connections';
    if v_content is null and exists (
        select 1 from assessment.assessment_assessmentversion where state = 'published' and effective_on <= p_day) then
        return '{}'; -- the version in force has no such item
    end if;
    return v_content; -- null: the first published version holds, which comes with the program
end $$;
revoke all on function pension_records.line_in_force(date) from public;
grant execute on function pension_records.line_in_force(date) to kokunen_pension_records;
