-- one row per customer as it truly is: an organisation or a person, and how it behaves
create table entities as
with numbered as (
    select
        range + 1 as entity_no,
        -- A number of at most eight digits that no other entity has.
        1 + ((range + 1) * 48271 + pick('serial', 'serial', 99999989)) % 99999989 as serial,
    from range(getvariable('customers'))
),

typed as (
    select
        *,
        if(uniform(entity_no, 'type') < 0.15, 'business', 'consumer') as customer_type,
        case
            when uniform(entity_no, 'country') < 0.70 then 'CN'
            when uniform(entity_no, 'country') < 0.83 then 'US'
            when uniform(entity_no, 'country') < 0.92 then 'DE'
            else 'GB'
        end as country,
        case
            when uniform(entity_no, 'pattern') < 0.29 then 'steady'
            when uniform(entity_no, 'pattern') < 0.41 then 'growing'
            when uniform(entity_no, 'pattern') < 0.52 then 'fading'
            when uniform(entity_no, 'pattern') < 0.68 then 'lapsed'
            when uniform(entity_no, 'pattern') < 0.74 then 'returned'
            when uniform(entity_no, 'pattern') < 0.82 then 'new'
            when uniform(entity_no, 'pattern') < 0.95 then 'one_time'
            else 'never_bought'
        end as pattern,
    from numbered
),

-- Days are counted from the first of 1096 days, the last of which is the end date.
placed as (
    select
        *,
        case country when 'CN' then 'CNY' when 'US' then 'USD' else 'EUR' end as currency,
        case country when 'CN' then 8 when 'US' then -5 when 'DE' then 1 else 0 end as utc_offset,
        case
            when pattern = 'new' then 1096 - 88 + pick(entity_no, 'first day', 60)
            when pattern = 'one_time' then pick(entity_no, 'first day', 1060)
            when pattern = 'lapsed' then pick(entity_no, 'first day', 150)
            when uniform(entity_no, 'before the books') < 0.4 then 0
            when pattern in ('returned', 'fading') then pick(entity_no, 'first day', 300)
            else pick(entity_no, 'first day', 700)
        end as first_day,
        case
            when pattern = 'one_time' then first_day
            when pattern = 'lapsed' then 1095 - 200 - pick(entity_no, 'last day', 500)
            when pattern = 'fading' then 1095 - pick(entity_no, 'last day', 60)
            else 1095
        end as last_day,
        1095 - 10 - pick(entity_no, 'return day', 110) as return_day,
        if(customer_type = 'business', 4.5, 2.6) * exp(0.5 * bell(draw(entity_no, 'rate')))
            as yearly_orders,
        if(
            customer_type = 'business',
            1200000 * exp(0.9 * bell(draw(entity_no, 'basket')))
            * if(uniform(entity_no, 'key account') < 0.02, 8, 1),
            32000 * exp(1.1 * bell(draw(entity_no, 'basket')))
        ) as typical_basket,
    from typed
),

parted as (
    select
        *,
        -- The last day before the silence of a customer who comes back.
        if(pattern = 'returned', return_day - 240 - pick(entity_no, 'silence', 260), null)
            as silent_from_day,
        coalesce(silent_from_day, if(pattern = 'lapsed', last_day, null)) as leaving_day,
        -- Most who leave show it first: they wait longer and longer, complain, score low.
        if(leaving_day is not null and uniform(entity_no, 'signs') < 0.85, leaving_day - 150, null)
            as cools_from_day,
    from placed
),

counted as (
    select
        *,
        cast(case
            when pattern = 'never_bought' then 0
            when pattern = 'one_time' then 1
            when pattern = 'new' then 1 + pick(entity_no, 'orders', 3)
            -- Regular buyers once, who order at least every 75 days.
            when cools_from_day is not null
                then greatest(
                    4, ceil((leaving_day - first_day) / least(75, 365 / yearly_orders)) - 2
                )
            when pattern = 'returned'
                then greatest(round(yearly_orders * (silent_from_day - first_day) / 365), 2)
            when pattern = 'steady'
                then greatest(round(yearly_orders * (last_day - first_day) / 365),
                    ceil((last_day - first_day) / 100), 3)
            else greatest(round(yearly_orders * (last_day - first_day) / 365), 3)
        end as bigint) as early_order_count,
    from parted
)

select
    * exclude (return_day),
    if(pattern = 'returned', return_day, null) as return_day,
    if(pattern = 'returned', 1 + pick(entity_no, 'orders', 3), 0) as late_order_count,
    concat('E', lpad(cast(entity_no as varchar), 8, '0')) as entity_id,
    -- Only consumers: nothing but the record tells that a customer is a business.
    not (
        pattern != 'never_bought' and customer_type = 'consumer'
        and uniform(entity_no, 'no record') < 0.03
    ) as has_record,
    -- The identifier that the second of two codes shares with the first.
    case
        when pattern = 'never_bought' or uniform(entity_no, 'two codes') >= 0.032 then null
        when customer_type = 'business' then choose(entity_no, 'shared', ['tax_id', 'email'])
        else choose(entity_no, 'shared', ['email', 'phone_and_name', 'member_id'])
    end as shared_identifier,
from counted
order by entity_no;
