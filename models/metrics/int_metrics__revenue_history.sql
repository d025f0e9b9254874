-- one row per customer per as_of_date
with dates as (
    select
        as_of_date,
        is_current
    from {{ ref('as_of_dates') }}
),

customers as (
    select
        customer_id,
        customer_type,
        first_seen_date
    from {{ ref('customers') }}
),

purchases as (
    select * from {{ ref('int_metrics__purchases_history') }}
),

final as (
    select
        customers.customer_id,
        dates.as_of_date,
        customers.customer_type,
        {{ dbt.datediff('customers.first_seen_date', 'dates.as_of_date', 'day') }}
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
        dates.is_current,
        customers.first_seen_date,
        purchases.first_order_date,
        purchases.last_order_date
    from customers
    inner join dates
        on customers.first_seen_date <= dates.as_of_date
    left join purchases
        on customers.customer_id = purchases.customer_id
            and dates.as_of_date = purchases.as_of_date
)

select * from final
