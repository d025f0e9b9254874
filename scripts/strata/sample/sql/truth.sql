-- one row per customer: the answers that a warehouse over the raw files should come to
create table truth_customers as
with counted_orders as (
    select
        orders.entity_no,
        cast(orders.moment as date) as order_date,
        order_values.amount,
        entities.silent_from_day is not null
            and cast(orders.moment as date) > date_of(entities.return_day - 100)
            as is_after_silence,
    from orders
    join order_values using (order_no)
    join entities using (entity_no)
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
    from counted_orders
    group by entity_no
),

refund_sums as (
    select
        entity_no,
        cast(sum(amount) as bigint) as refunded,
    from refunds
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
