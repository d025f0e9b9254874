-- one row per ticket, before it is written down
create table tickets as
with repeated as (
    select
        organisations.entity_no, 'business' as customer_type, organisations.country,
        organisations.utc_offset, organisations.pattern, account_id, plan,
        greatest(coalesce(start_day, first_order_day), 0) as from_day,
        if(subscription in ('ended', 'cancelled', 'trial'), least(end_day, 1094), active_to_day)
            as to_day,
        coalesce(falls_from_day, cools_from_day) as unhappy_from_day,
        -- Where use falls there is often something to complain about.
        unhappy_from_day is not null and uniform(organisations.entity_no, 'complains') < 0.6
            as complains,
        unnest(range(
            if(plan is null, pick(organisations.entity_no, 'tickets', 3),
                1 + pick(organisations.entity_no, 'tickets', if(plan = 'trial', 2, 6)))
            + if(complains, 1, 0)
        )) as seq,
    from organisations
    left join entities using (entity_no)
    left join (select entity_no, account_id from accounts where account_seq = 1) as first_accounts
        using (entity_no)
    where first_order_day is not null or plan is not null
    union all
    select
        entities.entity_no, 'consumer', entities.country, utc_offset, pattern, null, null,
        day_of(records.created_moment) + 2 as from_day, least(1094, last_day + 60),
        cools_from_day as unhappy_from_day,
        unhappy_from_day >= from_day and uniform(entities.entity_no, 'complains') < 0.4
            as complains,
        unnest(range(
            if(uniform(entities.entity_no, 'has tickets') < 0.1,
                1 + pick(entities.entity_no, 'tickets', 2), 0)
            + if(complains, 1, 0)
        )),
    from entities
    join records on records.entity_no = entities.entity_no and record_seq = 1
    where customer_type = 'consumer' and pattern != 'never_bought'
    union all
    -- From an address that nobody has.
    select
        null, 'stranger', 'CN', 8, null, null, null, 0, 1094, null, false,
        unnest(range(greatest(4, getvariable('customers') // 100)))
),

drawn as (
    select
        *,
        concat(coalesce(entity_no, 0), '.', seq) as event,
        draw(event, 'ticket') as dice,
        draw(event, 'ticket words') as words,
        draw(event, 'requester') as requester_dice,
        complains and seq = 0 as is_complaint,
        cast(case
            when is_complaint
                then greatest(from_day, unhappy_from_day + 10 + below(roll(dice, 0), 80))
            else from_day + below(roll(dice, 0), greatest(1, to_day - from_day))
        end as bigint) as day_no,
        if(
            customer_type = 'business',
            office_time(day_no, utc_offset, roll(dice, 1), roll(dice, 2)),
            home_time(day_no, utc_offset, roll(dice, 1), roll(dice, 2))
        ) as opened_moment,
        coalesce(day_no between unhappy_from_day + 1 and unhappy_from_day + 250, false)
            as is_unhappy,
    from repeated
    where to_day >= from_day
),

judged as (
    select
        *,
        case
            when is_complaint then 'complaint'
            else one_of(roll(words, 0), if(is_unhappy,
                ['question', 'fault', 'complaint'],
                ['question', 'question', 'question', 'question', 'fault', 'fault', 'complaint']))
        end as category,
        one_of(roll(words, 1), case category
            when 'question' then ['low', 'low', 'medium']
            when 'fault' then ['medium', 'medium', 'high', 'critical']
            else ['medium', 'high']
        end) as severity,
        cast(round(if(severity in ('high', 'critical'), 14, 55)
            * if(is_unhappy, 2.2, 1) * exp(bell(draw(event, 'response')))) as bigint)
            as response_minutes,
        cast(round(case category when 'question' then 11 when 'fault' then 55 else 35 end
            * exp(0.55 * bell(draw(event, 'handling')))) as bigint) as handling_minutes,
        opened_moment + to_minutes(1 + response_minutes) as answered_moment,
        answered_moment + to_minutes(handling_minutes + cast(round(
            case category when 'question' then 90 when 'fault' then 1500 else 2600 end
            * exp(0.7 * bell(draw(event, 'closing')))) as bigint))
            -- An open complaint drives customers away.
            + to_days(if(is_complaint and uniform(event, 'drags on') < 0.7,
                30 + cast(pick(event, 'days open', 150) as integer), 0)) as closed_moment,
        -- Nobody has answered or closed it by the end.
        closed_moment > not_after_end(closed_moment)
            or roll(words, 2) < if(category = 'complaint' and day_no > 1035, 0.6, 0.01) as is_open,
    from drawn
)

select
    row_number() over (order by opened_moment, event) as ticket_no,
    key_of('TK', ticket_no) as ticket_id,
    judged.* exclude (event),
    people.person_no,
    -- The sender: the person, or the company's own mailbox or switchboard.
    case
        when customer_type = 'stranger' and judged.seq < 3
            then canary_email(400 + judged.seq)
        when customer_type = 'stranger'
            then concat('visitor', judged.seq, '.', left(md5(cast(dice as varchar)), 5),
                '@example.info')
        when people.person_no is not null and roll(requester_dice, 2) < 0.88 then people.email
        else identities.email
    end as email,
    case
        when customer_type = 'stranger' then null
        when people.person_no is not null and roll(requester_dice, 2) < 0.88 then people.phone
        -- One household, one phone: who called is known by the e-mail alone.
        when customer_type = 'consumer' and phones.is_shared then null
        else identities.phone
    end as phone,
from judged
left join identities on identities.entity_no = judged.entity_no
left join phones on phones.entity_no = judged.entity_no
left join people on people.person_no = judged.entity_no * 8 + 1 + below(roll(requester_dice, 3), 2)
    and not people.has_moved and people.created_moment <= judged.opened_moment
order by ticket_no;

create table support_tickets as
select
    ticket_id,
    if(roll(requester_dice, 0) < 0.15, null, account_id) as account_id,
    case
        when phone is not null and roll(requester_dice, 1) < 0.12 then null
        when roll(requester_dice, 1) between 0.9 and 0.93 and customer_type != 'stranger'
            then upper(email)
        else email
    end as requester_email,
    if(roll(requester_dice, 1) < 0.35, phone, null) as requester_phone,
    exact_time(opened_moment, uniform(ticket_id, 'time')) as opened_at,
    if(answered_moment > not_after_end(answered_moment), null,
        exact_time(answered_moment, uniform(ticket_id, 'answer time'))) as first_response_at,
    if(is_open, null, exact_time(closed_moment, uniform(ticket_id, 'closing time'))) as closed_at,
    said(category, case category when 'question' then '咨询' when 'fault' then '故障' else '投诉' end,
        roll(words, 3)) as category,
    severity,
    if(is_open, null, cast(handling_minutes as varchar)) as handling_minutes,
    case
        when is_open or uniform(ticket_id, 'rated') < 0.45 then null
        when is_unhappy or category = 'complaint' or response_minutes > 240
            then choose(ticket_id, 'score', ['1', '2', '2', '3', '3', '4'])
        else choose(ticket_id, 'score', ['3', '4', '4', '4', '5', '5', '5', '5'])
    end as satisfaction_score,
    plain_time(not_after_end(if(is_open, opened_moment, closed_moment) + interval 1 minute))
        as updated_at,
from tickets;
