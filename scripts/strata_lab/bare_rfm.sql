-- RFM scores from erp_orders alone, as an analyst would write them by hand: the baseline of
-- `strata-lab bench`. Needs the variables orders_file, rates_file and as_of_date.
create or replace temp macro has_offset(text) as
    contains(substr(text, 11), '+') or contains(substr(text, 11), '-') or ends_with(text, 'Z');

create table rates as
select
    currency_code,
    exchange_rate,
    valid_from_date,
    lead(valid_from_date, 1, date '9999-12-31') over (
        partition by currency_code order by valid_from_date
    ) as valid_before_date
from (
    select currency_code, exchange_rate, valid_from_date
    from read_csv(
        getvariable('rates_file'),
        types = {'exchange_rate': 'decimal(18, 8)', 'valid_from_date': 'date'}
    )
    where base_currency = 'CNY' and currency_code <> 'CNY'
    union all
    select 'CNY', cast(1 as decimal(18, 8)), date '0001-01-01'
);

create table checked as
with texts as (
    select
        nullif(trim(order_id), '') as order_id,
        nullif(trim(customer_code), '') as customer_code,
        case when ordered_at like '____/%' then replace(ordered_at, '/', '-') else ordered_at end
            as ordered_text,
        nullif(trim(order_total_amount), '') as amount_text,
        coalesce(nullif(upper(trim(currency)), ''), 'CNY') as currency_code,
        coalesce(nullif(lower(trim(status)), ''), 'completed') as order_status,
        nullif(trim(channel), '') as channel,
        nullif(trim(promotion_code), '') as promotion_code,
        updated_at as updated_text
    from read_parquet(getvariable('orders_file'))
),

typed as (
    select
        * exclude (updated_text),
        case
            when has_offset(ordered_text) then
                cast(try_cast(ordered_text as timestamptz) at time zone 'Asia/Shanghai' as date)
            else cast(try_cast(ordered_text as timestamp) as date)
        end as ordered_date,
        try_cast(amount_text as decimal(18, 4)) as order_amount,
        try_cast(updated_text as timestamp) as updated_at
    from texts
)

select
    typed.order_id,
    typed.customer_code,
    typed.order_status,
    typed.channel,
    typed.promotion_code,
    typed.ordered_date,
    cast(typed.order_amount * rates.exchange_rate as decimal(18, 4)) as order_amount,
    typed.updated_at,
    case
        when typed.order_id is null then 'missing_key'
        when typed.ordered_date is null then
            case
                when regexp_matches(typed.ordered_text, '^\d{1,2}/\d{1,2}/\d{2,4}')
                    then 'ambiguous_date'
                else 'unreadable_date'
            end
        when typed.ordered_date > getvariable('as_of_date') then 'future_date'
        when typed.order_amount is null and regexp_matches(typed.amount_text, '^-?\d{1,3}(,\d{3})+')
            then 'thousands_separator'
        when typed.order_amount is null and typed.amount_text is not null then 'unreadable_amount'
        when typed.order_amount < 0 then 'negative_amount'
        when typed.currency_code not in (select currency_code from rates) then 'unknown_currency'
        when rates.exchange_rate is null then 'missing_exchange_rate'
        when typed.order_status not in ('completed', 'cancelled', 'test', 'pending')
            then 'unknown_status'
    end as rejection_reason
from typed
left join rates
    on typed.currency_code = rates.currency_code
    and typed.ordered_date >= rates.valid_from_date
    and typed.ordered_date < rates.valid_before_date;

-- Few orders have more than one version: only those are ranked.
create table repeated as
select order_id from checked where rejection_reason is null group by order_id having count(*) > 1;

create table versions as
select
    *,
    rank() over (partition by order_id order by updated_at desc nulls last) as updated_rank,
    rank() over (
        partition by order_id
        order by
            updated_at desc nulls last, promotion_code, channel, order_amount, order_status,
            customer_code, ordered_date
    ) as content_rank,
    row_number() over (
        partition by order_id
        order by
            updated_at desc nulls last, promotion_code, channel, order_amount, order_status,
            customer_code, ordered_date
    ) as version_number
from checked
semi join repeated using (order_id)
where rejection_reason is null;

create table rejected_counts as
select rejection_reason, count(*) as row_count
from checked
where rejection_reason is not null
group by rejection_reason
union all
select 'conflicting_duplicate', count(*)
from versions
where updated_rank = 1 and content_rank > 1
having count(*) > 0;

create table rfm_scores as
with orders as (
    select customer_code, order_status, ordered_date, order_amount
    from checked
    anti join repeated using (order_id)
    where rejection_reason is null
    union all
    select customer_code, order_status, ordered_date, order_amount
    from versions
    where version_number = 1
),

customers as (
    select
        customer_code,
        date_diff('day', max(ordered_date), getvariable('as_of_date')) as recency,
        count(*) filter (where ordered_date > getvariable('as_of_date') - 365) as frequency,
        cast(
            coalesce(
                sum(order_amount) filter (where ordered_date > getvariable('as_of_date') - 365), 0
            ) as double
        ) as monetary
    from orders
    where order_status = 'completed' and order_amount > 0 and customer_code is not null
    group by customer_code
),

cuts as (
    select
        quantile_cont(recency, [0.2, 0.4, 0.6, 0.8]) as r,
        quantile_cont(frequency, [0.2, 0.4, 0.6, 0.8]) filter (where recency < 365) as f,
        quantile_cont(monetary, [0.2, 0.4, 0.6, 0.8]) filter (where recency < 365) as m
    from customers
)

select
    customer_code,
    recency,
    frequency,
    monetary,
    5 - (recency > r[1])::int - (recency > r[2])::int - (recency > r[3])::int - (recency > r[4])::int
        as recency_score,
    case
        when recency < 365 then 1 + (frequency > f[1])::int + (frequency > f[2])::int
            + (frequency > f[3])::int + (frequency > f[4])::int
        else 1
    end as frequency_score,
    case
        when recency < 365 then 1 + (monetary > m[1])::int + (monetary > m[2])::int
            + (monetary > m[3])::int + (monetary > m[4])::int
        else 1
    end as monetary_score
from customers
cross join cuts;
