-- Fails if a customer's purchases begin or end on another day than the orders of the metrics, or if
-- one of the two tables knows a buyer that the other does not.
with metrics as (
    select * from {{ ref('customer_metrics') }}
),

lifetime_values as (
    select * from {{ ref('customer_lifetime_values') }}
),

compared as (
    select
        coalesce(metrics.customer_id, lifetime_values.customer_id) as customer_id,
        metrics.order_count,
        metrics.days_since_first_order,
        metrics.days_since_last_order,
        lifetime_values.btyd_frequency,
        lifetime_values.btyd_age,
        lifetime_values.btyd_age - lifetime_values.btyd_recency as waited_days
    from metrics
    full outer join lifetime_values
        on metrics.customer_id = lifetime_values.customer_id
)

select *
from compared
where order_count is null
    or (order_count > 0) <> (btyd_frequency is not null)
    or btyd_frequency >= order_count
    or days_since_first_order is distinct from btyd_age
    or days_since_last_order is distinct from waited_days
