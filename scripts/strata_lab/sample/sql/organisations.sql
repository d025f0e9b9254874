-- one row per organisation: what it is, how long it has been known, and its subscription
create table organisations as
with order_days as (
    select
        entity_no,
        min(day_of(moment)) as first_order_day,
        max(day_of(moment)) as last_order_day,
    from orders
    where entity_no is not null and status = 'completed' and customer_type = 'business'
    group by entity_no
),

registered as (
    select entity_no, day_of(min(created_moment)) as registered_day from records group by entity_no
),

listed as (
    select
        entity_no, pattern, country, currency, utc_offset, typical_basket, return_day,
        registered_day, first_order_day, last_order_day,
        uniform(entity_no, 'account') < 0.88 as has_account,
    from entities
    join registered using (entity_no)
    left join order_days using (entity_no)
    where customer_type = 'business'
    union all
    select
        entity_no, kind, country, currency, utc_offset,
        1200000 * exp(0.9 * bell(draw(entity_no, 'basket'))), null, first_seen_day, null, null,
        true,
    from leads
    where customer_type = 'business'
),

described as (
    select
        listed.*,
        trade,
        if(pattern = 'holding', 'holding company', industries_pool.industry) as industry,
        case
            when pattern = 'holding' then null
            when trade = '口腔门诊部' then 'dental'
            when trade = '健康管理' then 'health checks'
            when industry = 'hospital' and country = 'CN' then choose(entity_no, 'grade', [
                '三级甲等', '三级乙等', '二级甲等', '二级甲等', '二级甲等', '二级乙等', '二级乙等', '一级'
            ])
            when industry = 'hospital' then choose(entity_no, 'grade', ['general', 'specialised'])
            when industry = 'distributor'
                then choose(entity_no, 'grade', ['regional', 'regional', 'national', 'importer'])
            when industry = 'clinic'
                then choose(entity_no, 'grade', ['general practice', 'specialist'])
        end as sub_industry,
        greatest(if(industry = 'hospital', 60, 4), cast(round(
            case
                when pattern = 'holding' then 1800
                when industry != 'hospital' then cast(staff as integer)
                when sub_industry like '三级%' then 900
                when sub_industry in ('二级甲等', 'general') then 380
                when sub_industry = '一级' then 90
                else 220
            end
            * exp(0.45 * bell(draw(entity_no, 'staff'))) * pow(typical_basket / 1200000, 0.35)
        ) as integer)) as employee_count,
        uniform(entity_no, 'subscription') as chance,
        uniform(entity_no, 'subscription end') as end_chance,
    from listed
    join (select entity_no, trade from identities) as identities using (entity_no)
    join industries_pool using (trade)
),

judged as (
    select
        *,
        case
            when pattern = 'trial' or pattern = 'never_bought' and chance < 0.5 then 'trial'
            when pattern in ('lead', 'holding', 'never_bought') then 'none'
            when chance >= if(pattern = 'one_time', 0.3, 0.62) then 'none'
            when pattern = 'lapsed' then 'ended'
            when pattern = 'one_time' then if(first_order_day < 720, 'ended', 'running')
            when pattern = 'fading' then if(end_chance < 0.45, 'ended', 'running')
            when pattern in ('steady', 'growing') and end_chance < 0.07 then 'ended'
            when pattern in ('steady', 'growing') and end_chance < 0.12 then 'cancelled'
            else 'running'
        end as subscription,
        -- Days of the last term's end, as agreed and as it came.
        case
            when subscription = 'none' then null
            when pattern = 'trial' then registered_day + 32
            when subscription = 'trial' then least(registered_day, 1050) + 40
            when pattern = 'lapsed'
                then least(last_order_day + 20 + pick(entity_no, 'end', 70), 1094)
            when pattern in ('one_time', 'new')
                then first_order_day + 4 + pick(entity_no, 'end', 12) + 364
            when pattern = 'returned' then return_day + pick(entity_no, 'end', 8) + 364
            when pattern = 'fading' and subscription = 'ended'
                then 1094 - pick(entity_no, 'end', 85)
            when subscription = 'ended' then 1054 - pick(entity_no, 'end', 300)
            when subscription = 'cancelled' then 1150 + pick(entity_no, 'end', 150)
            else 1096 + pick(entity_no, 'end', 364)
        end as agreed_end_day,
        if(subscription = 'cancelled', 1074 - pick(entity_no, 'cancelled', 200), agreed_end_day)
            as end_day,
    from described
),

termed as (
    select
        *,
        case
            when subscription = 'none' then 0
            when subscription = 'trial' or pattern in ('new', 'one_time', 'returned') then 1
            else greatest(1, least(4, (agreed_end_day - first_order_day + 1) // 365))
        end as term_count,
        case
            when subscription = 'trial' then agreed_end_day - 29
            when subscription != 'none' then agreed_end_day + 1 - 365 * term_count
        end as start_day,
        -- A month on trial before the first paid term.
        subscription not in ('none', 'trial') and uniform(entity_no, 'tried') < 0.35 as has_tried,
        case
            when employee_count >= 350 then 'enterprise'
            when employee_count >= 70 then 'professional'
            else 'basic'
        end as plan,
        -- Use falls in the five months before most ends; so it does where the end is yet to come.
        case
            when subscription in ('ended', 'cancelled') and uniform(entity_no, 'falls') < 0.88
                then end_day - 150
            when subscription = 'running'
                and (pattern = 'fading' or uniform(entity_no, 'falls') < 0.04)
                then 990
        end as falls_from_day,
    from judged
)

select
    entity_no,
    pattern,
    country,
    currency,
    utc_offset,
    -- Every subscriber is in the CRM; some who only order goods are not.
    has_account or subscription != 'none' as has_account,
    trade,
    industry,
    sub_industry,
    employee_count,
    typical_basket,
    cast(
        case industry when 'distributor' then 1.3e6 when 'pharmacy' then 1.1e6 else 3.8e5 end
        * employee_count * exp(0.25 * bell(draw(entity_no, 'turnover')))
        / cny_per_unit(currency) as bigint
    ) as annual_revenue,
    first_order_day,
    -- The last day on which it is a customer, or may become one.
    case
        when pattern = 'lapsed'
            then least(1094, greatest(last_order_day, coalesce(end_day, 0)) + 30)
        else 1094
    end as active_to_day,
    subscription,
    if(subscription = 'none', null, if(subscription = 'trial', 'trial', plan)) as plan,
    employee_count >= 350 or employee_count < 70 and chance < 0.2 as is_influential,
    start_day,
    end_day,
    agreed_end_day,
    term_count,
    has_tried,
    falls_from_day,
    -- To what share of its level use falls; a customer who is still there uses a little.
    if(subscription = 'running', 0.12 + 0.3 * uniform(entity_no, 'falls to'), 0.06) as falls_to,
    -- Some months before the first order or trial; old customers were taken over from before.
    least(registered_day, coalesce(start_day - if(has_tried, 30, 0), registered_day))
        - if(pattern = 'trial', 2, 5)
        - pick(entity_no, 'known before', if(pattern = 'trial', 9, 146))
        - if(registered_day < 60, pick(entity_no, 'old customer', 900), 0) as known_day,
    -- The account manager, by region; the last one has left.
    case
        when uniform(entity_no, 'owner left') < 0.02 then 'am_07'
        when country = 'CN' then choose(entity_no, 'owner', ['am_01', 'am_02', 'am_03', 'am_04'])
        when country = 'US' then 'am_05'
        else 'am_06'
    end as owner_id,
from termed
order by entity_no;

-- one row per account; a few companies were entered twice, under another form of their name
create table accounts as
with entered as (
    select
        organisations.*,
        account_seq,
        office_time(
            if(account_seq = 1, known_day, greatest(known_day + 60, 300) % 1090), utc_offset,
            uniform(concat(entity_no, account_seq), 'entered hour'),
            uniform(concat(entity_no, account_seq), 'entered minute')
        ) as created_moment,
    from organisations
    join (values (1), (2)) as entries (account_seq)
        on account_seq = 1 or pattern not in ('trial', 'lead', 'holding')
            and uniform(entity_no, 'entered twice') < 0.035
    where has_account
)

select
    key_of('A', row_number() over (order by created_moment, entity_no, account_seq)) as account_id,
    *,
from entered
order by account_id;
