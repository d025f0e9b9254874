-- one row per currency and period: CNY for one unit
create table truth_rates as
select
    currency_code as currency,
    exchange_rate,
    valid_from_date,
    lead(valid_from_date, 1, date '9999-12-31') over (
        partition by currency_code order by valid_from_date
    ) as valid_before_date,
from (
    select currency_code, exchange_rate, valid_from_date
    from exchange_rates
    where base_currency = 'CNY'
    union all
    select 'CNY', 1, date '1900-01-01'
) as rates;

-- one row per customer: the answers that a warehouse over the raw files should come to
create table truth_customers as
with counted_orders as (
    select
        orders.entity_no,
        cast(orders.moment as date) as order_date,
        order_values.amount,
        order_values.amount * rates.exchange_rate as cny_amount,
        entities.silent_from_day is not null
            and cast(orders.moment as date) > date_of(entities.return_day - 100)
            as is_after_silence,
    from orders
    join order_values using (order_no)
    join entities using (entity_no)
    join truth_rates as rates
        on rates.currency = orders.currency
        and cast(orders.moment as date) >= rates.valid_from_date
        and cast(orders.moment as date) < rates.valid_before_date
    where orders.status = 'completed'
),

order_sums as (
    select
        entity_no,
        count(*) as order_count,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        max(order_date) filter (not is_after_silence) as last_date_before_silence,
        min(order_date) filter (is_after_silence) as first_date_after_silence,
        cast(sum(amount) as bigint) as gross,
        sum(cny_amount) as cny_gross,
    from counted_orders
    group by entity_no
),

refund_sums as (
    select
        entity_no,
        cast(sum(amount) as bigint) as refunded,
        sum(amount * rates.exchange_rate) as cny_refunded,
    from refunds
    join truth_rates as rates
        on rates.currency = refunds.currency
        and cast(refunds.moment as date) >= rates.valid_from_date
        and cast(refunds.moment as date) < rates.valid_before_date
    where entity_no is not null
    group by entity_no
)

select
    entities.entity_id,
    entities.customer_type,
    entities.country,
    entities.pattern,
    case entities.pattern
        when 'lapsed' then order_sums.last_order_date
        when 'returned' then order_sums.last_date_before_silence
    end as lapsed_at,
    if(entities.pattern = 'returned', order_sums.first_date_after_silence, null) as returned_at,
    order_sums.first_order_date,
    order_sums.last_order_date,
    coalesce(order_sums.order_count, 0) as order_count,
    entities.currency,
    cast(coalesce(order_sums.gross, 0) / 100.0 as decimal(18, 2)) as gross_amount,
    cast(coalesce(refund_sums.refunded, 0) / 100.0 as decimal(18, 2)) as refund_amount,
    cast((coalesce(order_sums.gross, 0) - coalesce(refund_sums.refunded, 0)) / 100.0 as decimal(18, 2))
        as net_amount,
    cast(coalesce(cny_gross, 0) / 100 as decimal(18, 4)) as gross_cny_amount,
    cast(coalesce(cny_refunded, 0) / 100 as decimal(18, 4)) as refund_cny_amount,
    cast((coalesce(cny_gross, 0) - coalesce(cny_refunded, 0)) / 100 as decimal(18, 4))
        as net_cny_amount,
from entities
left join order_sums using (entity_no)
left join refund_sums using (entity_no)
order by entities.entity_no;

-- one row per customer code
create table truth_records as
select
    records.customer_code,
    entities.entity_id,
    records.has_record as is_in_erp_customers,
from records
join entities using (entity_no)
order by records.customer_code;

-- one row per planted value
create table truth_canaries as
unpivot (select customer_name as name, email, phone, address from canaries)
on name, email, phone, address
into name kind value value;
