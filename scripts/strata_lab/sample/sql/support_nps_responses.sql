-- one row per answer to the question whether one would recommend the company
create table nps_answers as
with asked as (
    select
        people.entity_no, people.person_no, people.country, people.utc_offset, people.email,
        people.phone, wave,
        case wave when 0 then 1040 when 1 then 860 else 480 end + pick(person_no, 'answered', 25)
            as day_no,
        falls_from_day as unhappy_from_day, start_day, end_day, pattern,
        uniform(concat(person_no, '.', wave), 'answers') < 0.3 as answers,
    from people
    cross join range(3) as waves (wave)
    where plan is not null and plan != 'trial' and not has_moved
    union all
    select
        entities.entity_no, null, entities.country, utc_offset, identities.email,
        if(phones.is_shared, null, identities.phone), 0,
        day_of(records.created_moment) + 10
            + pick(entities.entity_no, 'answered', greatest(1, 1 + last_day - first_day)),
        if(pattern = 'fading', last_day - 100, cools_from_day), -9999, 1095, pattern,
        uniform(entities.entity_no, 'answers') < 0.1,
    from entities
    join identities using (entity_no)
    join phones using (entity_no)
    join records on records.entity_no = entities.entity_no and record_seq = 1
    where customer_type = 'consumer' and pattern != 'never_bought'
    union all
    -- Customers about to leave are asked more often, after a complaint or a return.
    select
        entities.entity_no, null, entities.country, utc_offset, identities.email,
        if(phones.is_shared, null, identities.phone), 3,
        cools_from_day + 15 + pick(entities.entity_no, 'asked', 105),
        cools_from_day, -9999, 1095, pattern, uniform(entities.entity_no, 'says why') < 0.2,
    from entities
    join identities using (entity_no)
    join phones using (entity_no)
    join records on records.entity_no = entities.entity_no and record_seq = 1
    where customer_type = 'consumer' and cools_from_day > day_of(records.created_moment)
),

scored as (
    select
        *,
        concat(entity_no, '.', coalesce(person_no, 0), '.', wave) as answer,
        draw(answer, 'answer') as dice,
        case
            when day_no between unhappy_from_day + 1 and unhappy_from_day + 250
                then one_of(roll(dice, 0), [0, 2, 3, 4, 4, 5, 5, 6, 6, 7, 8])
            when pattern in ('fading', 'lapsed') then one_of(roll(dice, 0), [5, 6, 7, 7, 8, 8, 9])
            else one_of(roll(dice, 0), [5, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10])
        end as score,
        case when score >= 9 then 'good' when score >= 7 then 'middling' else 'bad' end as mood,
        if(
            person_no is null, home_time(day_no, utc_offset, roll(dice, 1), roll(dice, 2)),
            office_time(day_no, utc_offset, roll(dice, 1), roll(dice, 2))
        ) as moment,
    from asked
    where answers and day_no between greatest(0, start_day + 20) and least(end_day - 1, 1093)
)

select
    key_of('NR', row_number() over (order by moment, answer)) as response_id,
    *,
from scored
order by response_id;

create table support_nps_responses as
with comments as (
    select
        *,
        row_number() over (partition by mood order by position) - 1 as place,
        count(*) over (partition by mood) as size,
    from comments_pool
)

select
    response_id,
    if(phone is not null and roll(dice, 3) < 0.1, null,
        spaced(email, uniform(response_id, 'space'))) as respondent_email,
    if(roll(dice, 3) < 0.3, phone, null) as respondent_phone,
    cast(score as varchar) as score,
    time_as_written(moment, uniform(response_id, 'time')) as responded_at,
    if(uniform(response_id, 'silent') < 0.5, null, if(country = 'CN', comment_zh, comment_en))
        as comment,
    plain_time(not_after_end(moment + interval 1 minute)) as updated_at,
from nps_answers
join comments
    on comments.mood = nps_answers.mood and place = pick(response_id, 'comment', size);
