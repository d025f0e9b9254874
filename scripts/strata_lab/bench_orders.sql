-- Orders for a benchmark, one row per version. Needs the variables customers, orders (how many)
-- and last_date. The same variables give the same rows.
create or replace temp macro unit(number, salt) as
    cast(hash(number, salt) % 1000003 as double) / 1000003;

create or replace temp macro local_text(moment, style) as
    case
        when style < 0.90 then strftime(moment, '%Y-%m-%d %H:%M:%S')
        when style < 0.97 then strftime(moment - interval 8 hour, '%Y-%m-%dT%H:%M:%S+00:00')
        else strftime(moment, '%Y/%m/%d %H:%M:%S')
    end;

create or replace temp view benchmark_orders as
with drawn as (
    -- The square makes the tail heavy: a tenth of the customers place a third of the orders.
    select
        number,
        cast(floor(getvariable('customers') * pow(unit(number, 'customer'), 2)) as bigint)
            as customer_number,
        unit(number, 'fate') as chance,
        unit(number, 'currency') as currency_draw,
        unit(number, 'status') as status_draw,
        cast(exp(2 + 3 * (unit(number, 'a') + unit(number, 'b'))) as decimal(12, 2)) as amount
    from range(getvariable('orders')) as numbers (number)
),

-- Three years; each customer is active in a part of them only.
timed as (
    select
        *,
        0.85 * unit(customer_number, 'start') as first_share,
        sqrt(unit(customer_number, 'length')) * (1 - 0.85 * unit(customer_number, 'start'))
            as length_share
    from drawn
),

placed as (
    select
        *,
        cast(getvariable('last_date') as timestamp) - interval 1095 day + to_seconds(
            cast(floor((first_share + length_share * unit(number, 'time')) * 1095 * 86400) as bigint)
        ) + interval 1 day as placed_at
    from timed
),

-- A thousandth of the orders for each way to be unusable.
written as (
    select
        number,
        chance,
        case when chance < 0.001 then ' ' else format('O{:010d}', number) end as order_id,
        case when unit(number, 'guest') >= 0.015 then format('C{:08d}', customer_number) else '' end
            as customer_code,
        case
            when chance between 0.001 and 0.002 then 'yesterday'
            when chance between 0.002 and 0.003 then strftime(placed_at, '%d/%m/%Y')
            when chance between 0.003 and 0.004 then strftime(placed_at + interval 10 year, '%Y-%m-%d')
            else local_text(placed_at, unit(number, 'style'))
        end as ordered_at,
        case
            when chance between 0.004 and 0.005 then 'ten'
            when chance between 0.005 and 0.006 then '1,' || lpad(cast(number % 1000 as varchar), 3, '0')
            when chance between 0.006 and 0.007 then cast(-amount as varchar)
            else cast(amount as varchar)
        end as order_total_amount,
        case
            when chance between 0.007 and 0.008 then 'ZZZ'
            when currency_draw < 0.02 then null
            when currency_draw < 0.90 then 'CNY'
            when currency_draw < 0.96 then 'USD'
            else 'EUR'
        end as currency,
        case
            when chance between 0.008 and 0.009 then 'lost'
            when status_draw < 0.945 then 'completed'
            when status_draw < 0.955 then null
            when status_draw < 0.985 then 'cancelled'
            when status_draw < 0.990 then 'test'
            else 'pending'
        end as status,
        case cast(floor(unit(number, 'channel') * 3) as integer)
            when 0 then 'web' when 1 then 'sales' else 'marketplace'
        end as channel,
        case when unit(number, 'promotion') < 0.1 then 'SPRING' end as promotion_code,
        strftime(placed_at + interval 1 hour, '%Y-%m-%d %H:%M:%S') as updated_at
    from placed
),

versions as (
    select written.* from written

    union all

    -- An older version with another amount.
    select written.* replace (
        '1.00' as order_total_amount, '2000-01-01 00:00:00' as updated_at
    )
    from written
    where written.chance between 0.010 and 0.015

    union all

    select written.* from written where written.chance between 0.015 and 0.020

    union all

    -- The same version with other content.
    select written.* replace ('OTHER' as promotion_code)
    from written
    where written.chance between 0.020 and 0.021
)

select * exclude (number, chance) from versions;
