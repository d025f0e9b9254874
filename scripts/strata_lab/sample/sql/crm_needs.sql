-- crm_needs as exported: what customers need, fear and decide by, in words
create table crm_needs as
with repeated as (
    select
        entity_no, account_id, country, utc_offset, known_day, active_to_day,
        unnest(range(case
            when pattern = 'holding' or uniform(entity_no, 'needs known') < 0.35 then 0
            else 1 + pick(entity_no, 'needs', 4)
        end)) as seq,
        1 + pick(concat(entity_no, '.', seq), 'need person', 2) as person_seq,
    from accounts
    where account_seq = 1
),

numbered as (
    select
        *,
        key_of('ND', row_number() over (order by entity_no, seq)) as need_id,
        draw(concat(entity_no, '.', seq), 'need') as dice,
        greatest(known_day + 5, 0) as from_day,
        -- Not the same need twice: each further one is a few places on.
        (pick(entity_no, 'need', 16) + 3 * seq) % 16 as position,
        office_time(
            from_day + below(roll(dice, 2), greatest(1, active_to_day - from_day)), utc_offset,
            roll(dice, 3), uniform(need_id, 'minute')
        ) as moment,
    from repeated
    where active_to_day > 5
)

select
    need_id,
    numbered.account_id,
    if(contacts.created_moment < moment, contact_id, null) as contact_id,
    said(need_type, case need_type
        when 'need' then '需求' when 'pain_point' then '痛点' when 'decision_factor' then '决策因素'
        when 'success_criterion' then '成功标准' else '风险'
    end, if(numbered.country = 'CN', roll(dice, 0), 1)) as need_type,
    need_key,
    if(numbered.country = 'CN', note_zh, note_en) as note,
    one_of(roll(dice, 1), ['interview', 'interview', 'survey', 'review', 'ticket']) as source,
    time_as_written(moment, uniform(need_id, 'time')) as noted_at,
    plain_time(moment + interval 1 hour) as updated_at,
from numbered
join needs_pool on needs_pool.position = cast(numbered.position as varchar)
left join contacts on contacts.person_no = numbered.entity_no * 8 + person_seq;
