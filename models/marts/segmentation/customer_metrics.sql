-- one row per customer, at the current as_of_date
select
    customer_id,
    as_of_date,
    customer_type,
    country,
    channel_type,
    days_since_first_order,
    days_since_last_order,
    days_between_last_two_orders,
    order_count,
    order_count_90d,
    order_count_365d,
    gross_revenue_amount,
    gross_revenue_amount_365d,
    refund_amount,
    refund_amount_365d,
    net_revenue_amount,
    net_revenue_amount_90d,
    net_revenue_amount_365d,
    previous_net_revenue_amount_365d,
    average_order_amount,
    refund_rate,
    net_revenue_growth_rate,
    first_seen_date,
    first_order_date,
    last_order_date
from {{ ref('customer_metrics_history') }}
where is_current
