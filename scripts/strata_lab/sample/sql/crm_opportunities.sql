-- crm_opportunities as exported: open, won and lost
create table crm_opportunities as
with repeated as (
    select
        accounts.* exclude (created_moment),
        unnest(range(case
            when pattern = 'holding' then 0
            when pattern in ('lead', 'trial', 'never_bought') then 1
            else 1 + pick(entity_no, 'opportunities', 3)
        end)) as seq,
        draw(concat(entity_no, '.', seq), 'opportunity') as dice,
        draw(concat(entity_no, '.', seq), 'deal') as deal_dice,
    from accounts
    where account_seq = 1
),

-- The first deal is the one that made it a customer; others fall anywhere later.
timed as (
    select
        *,
        seq = 0 and first_order_day is not null as is_first_deal,
        coalesce(industry = 'hospital', false) and roll(deal_dice, 3) < 0.6 as is_tender,
        one_of(roll(deal_dice, 0), if(is_tender,
            ['none', 'some', 'some', 'strong', 'strong', 'strong'],
            ['none', 'none', 'some', 'some', 'strong'])) as competition,
        cast(round(
            case competition when 'none' then 24 when 'some' then 45 else 75 end
            * if(is_tender, 1.6, 1) * exp(0.45 * bell(dice))
        ) as integer) as cycle_days,
        if(
            is_first_deal, greatest(known_day + 3, first_order_day - cycle_days),
            greatest(known_day + 3, 5)
            + below(roll(dice, 0), greatest(1, active_to_day - greatest(known_day + 3, 5)))
        ) as created_day,
        if(is_first_deal, greatest(created_day + 1, first_order_day - 1), created_day + cycle_days)
            as close_day,
    from repeated
),

settled as (
    select
        *,
        not is_first_deal and close_day > 1090 as is_open,
        case
            when is_open then null
            when is_first_deal then true
            when pattern in ('lead', 'trial', 'never_bought') then false
            else roll(deal_dice, 1)
                < case competition when 'none' then 0.72 when 'some' then 0.5 else 0.3 end
        end as is_won,
        key_of('OP', row_number() over (order by created_day, entity_no, seq)) as opportunity_id,
        office_time(created_day, utc_offset, roll(dice, 1), roll(dice, 2)) as created_moment,
        greatest(
            office_time(close_day, utc_offset, roll(dice, 3), roll(deal_dice, 2)),
            created_moment + interval 3 hour
        ) as closed_moment,
    from timed
    where created_day < 1094
)

select
    opportunity_id,
    settled.account_id,
    if(contacts.created_moment < settled.created_moment, contact_id, null) as contact_id,
    case
        when is_won then 'won'
        when not is_won then 'lost'
        else one_of(uniform(opportunity_id, 'stage'), ['qualification', 'proposal', 'negotiation'])
    end as stage,
    rounded(
        (6000 + typical_basket / 100 * exp(0.7 * bell(draw(opportunity_id, 'amount')))
            * if(settled.industry = 'hospital', 5, 3)) / cny_per_unit(currency), 500
    ) as amount,
    currency_as_written(currency, uniform(opportunity_id, 'currency')) as currency,
    if(uniform(opportunity_id, 'no competition') < 0.12, null, said(competition,
        case competition when 'none' then '无' when 'some' then '一般' else '激烈' end,
        if(settled.country = 'CN', uniform(opportunity_id, 'competition'), 1)
    )) as competition_level,
    exact_time(settled.created_moment, uniform(opportunity_id, 'time')) as created_at,
    cast(date_of(greatest(
        created_day + 7,
        -- Salespeople are hopeful; an open deal may be overdue.
        if(is_open, 1075 + pick(opportunity_id, 'expected', 120),
            close_day - 10 + pick(opportunity_id, 'expected', 20))
    )) as varchar) as expected_close_date,
    if(is_open, null, exact_time(closed_moment, uniform(opportunity_id, 'closing time')))
        as closed_at,
    case
        when is_open then null
        when is_won then choose(opportunity_id, 'won', ['yes', 'true', '是'])
        else choose(opportunity_id, 'lost', ['no', 'false', '否'])
    end as is_won,
    case
        when not is_tender then null
        when is_won then 'awarded'
        when is_won is not null then 'not awarded'
        else choose(opportunity_id, 'tender', ['announced', 'bid submitted', 'evaluation'])
    end as tender_stage,
    plain_time(not_after_end(
        if(is_open, settled.created_moment, closed_moment) + interval 40 minute
    )) as updated_at,
from settled
left join contacts on contacts.person_no = settled.entity_no * 8 + 1;
