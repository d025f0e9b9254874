-- crm_activities as exported: what salespeople and trainers did with whom
create table crm_activities as
with repeated as (
    select
        entity_no, account_id, country, utc_offset, owner_id, known_day, active_to_day,
        falls_from_day, end_day, pattern,
        unnest(range(case
            when pattern = 'holding' then 1
            when pattern in ('lead', 'trial', 'never_bought')
                then 2 + pick(entity_no, 'activities', 4)
            else 4 + pick(entity_no, 'activities', 14)
        end)) as seq,
        1 + pick(concat(entity_no, '.', seq), 'activity person', 2) as person_seq,
    from accounts
    where account_seq = 1
    union all
    -- People at home who came to a health day, or were called.
    select
        entity_no, null, country, null, null, day_of(created_moment), 1094, null, null, 'consumer',
        0, null,
    from contacts
    where account_id is null and uniform(contact_id, 'activity') < 0.15
),

timed as (
    select
        *,
        draw(concat(entity_no, '.', seq), 'activity') as dice,
        draw(concat(entity_no, '.', seq), 'activity words') as words,
        greatest(known_day + 3, 0) as from_day,
        from_day + below(roll(dice, 0), greatest(1, active_to_day - from_day)) as day_no,
        case
            when pattern = 'consumer' then one_of(roll(dice, 1), ['event', 'call'])
            when pattern = 'trial'
                then one_of(roll(dice, 1), ['call', 'call', 'email', 'training', 'visit'])
            when pattern in ('lead', 'never_bought', 'holding')
                then one_of(roll(dice, 1), ['call', 'call', 'email', 'event', 'visit'])
            else one_of(roll(dice, 1), [
                'call', 'call', 'call', 'visit', 'visit', 'visit', 'meeting', 'email', 'email',
                'training', 'training', 'event', 'interview'
            ])
        end as activity_type,
        case
            when pattern in ('lead', 'trial', 'never_bought', 'holding') then 'first'
            when pattern = 'consumer' then 'any'
            when day_no > falls_from_day and day_no <= coalesce(end_day, 1095)
                then one_of(roll(words, 0), ['bad', 'bad', 'any'])
            else one_of(roll(words, 0), ['any', 'any', 'good'])
        end as mood,
    from repeated
    where coalesce(active_to_day, 1094) > 0
),

summaries as (
    select
        activity_type, mood, summary_zh, summary_en,
        row_number() over (partition by activity_type, mood order by position) - 1 as place,
        count(*) over (partition by activity_type, mood) as size,
    from summaries_pool
),

moods as (
    select activity_type, mood from summaries group by all
),

worded as (
    select
        timed.* replace (if(moods.mood is null, 'any', timed.mood) as mood),
        office_time(day_no, coalesce(utc_offset, 8), roll(dice, 2), roll(dice, 3)) as moment,
        key_of('AC', row_number() over (order by day_no, entity_no, seq)) as activity_id,
    from timed
    left join moods using (activity_type, mood)
)

select
    activity_id,
    worded.account_id,
    if(contacts.created_moment < worded.moment, contact_id, null) as contact_id,
    if(worded.pattern = 'consumer', 'cc_01', worded.owner_id) as owner_id,
    said(worded.activity_type, case worded.activity_type
        when 'call' then '电话' when 'visit' then '拜访' when 'meeting' then '会议'
        when 'email' then '邮件' when 'training' then '培训' when 'event' then '活动' else '访谈'
    end, if(worded.country = 'CN', roll(words, 1), 1)) as activity_type,
    plain_time(moment) as occurred_at,
    case
        when worded.pattern = 'consumer' and worded.activity_type = 'call'
            then if(worded.country = 'CN', '电话提醒血压计校准', 'Called about calibrating the monitor')
        when worded.pattern = 'consumer'
            then if(worded.country = 'CN', '参加社区健康日', 'Came to the health day')
        when roll(words, 2) < 0.06 then null
        when worded.country = 'CN' then summary_zh
        else summary_en
    end as summary,
    plain_time(moment + interval 30 minute) as updated_at,
from worded
left join summaries
    on summaries.activity_type = worded.activity_type and summaries.mood = worded.mood
    and summaries.place = below(roll(words, 3), summaries.size)
left join contacts
    on coalesce(contacts.person_no, -contacts.entity_no)
        = coalesce(worded.entity_no * 8 + worded.person_seq, -worded.entity_no);
