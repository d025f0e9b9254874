-- one row per customer per as_of_date
with customer_dates as (
    select * from {{ ref('int_metrics__customer_dates') }}
),

purchases as (
    select * from {{ ref('int_metrics__purchases_history') }}
),

final as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        customer_dates.customer_type,
        cast({{ dbt.datediff('customer_dates.first_seen_date', 'customer_dates.as_of_date', 'day') }} as bigint)
            as days_since_first_seen,
        purchases.days_since_first_order,
        purchases.days_since_last_order,
        {% for number in [
            'order_count', 'order_count_90d', 'order_count_365d', 'gross_revenue_amount',
            'gross_revenue_amount_365d', 'refund_amount', 'refund_amount_365d',
            'net_revenue_amount', 'net_revenue_amount_90d', 'net_revenue_amount_365d',
            'previous_net_revenue_amount_365d',
        ] -%}
        coalesce(purchases.{{ number }}, 0) as {{ number }},
        {% endfor -%}
        purchases.average_order_amount,
        purchases.refund_rate,
        purchases.net_revenue_growth_rate,
        customer_dates.is_current,
        customer_dates.first_seen_date,
        purchases.first_order_date,
        purchases.last_order_date
    from customer_dates
    left join purchases
        on customer_dates.customer_id = purchases.customer_id
            and customer_dates.as_of_date = purchases.as_of_date
)

select * from final
