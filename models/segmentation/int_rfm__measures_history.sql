-- one row per customer with an order per as_of_date
with metrics as (
    select * from {{ ref('int_metrics__purchases_history') }} where order_count > 0
),

policy as (
    select * from {{ ref('int_policy__current') }}
),

-- The metric and weight of each dimension, one row per customer type.
dimensions as (
    select
        dimensions.customer_type,
        {% for dimension in ['recency', 'frequency', 'monetary'] -%}
        max(case when dimensions.dimension = '{{ dimension }}' then dimensions.metric end)
            as {{ dimension }}_metric,
        {% endfor -%}
        max(policy.rfm_window_days) as rfm_window_days
    from {{ ref('rfm_dimensions') }} as dimensions
    inner join policy
        on dimensions.policy_key = policy.policy_key
    group by dimensions.customer_type
),

measured as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        metrics.customer_type,
        {{ metric_value('dimensions.recency_metric', 'metrics', [
            'days_since_last_order', 'days_since_first_order',
        ]) }} as recency_value,
        {{ metric_value('dimensions.frequency_metric', 'metrics', [
            'order_count', 'order_count_90d', 'order_count_365d',
        ]) }} as frequency_value,
        {{ metric_value('dimensions.monetary_metric', 'metrics', [
            'net_revenue_amount', 'net_revenue_amount_90d', 'net_revenue_amount_365d',
            'gross_revenue_amount', 'gross_revenue_amount_365d', 'average_order_amount',
        ]) }} as monetary_value,
        metrics.is_current,
        dimensions.rfm_window_days is null
        or metrics.days_since_last_order < dimensions.rfm_window_days as is_in_rfm_window
    from metrics
    inner join dimensions
        on metrics.customer_type = dimensions.customer_type
)

select * from measured
