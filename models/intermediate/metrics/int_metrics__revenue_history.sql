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

revenue_days as (
    select * from {{ ref('int_customer_revenue_days') }}
),

-- A window of 365 days ends on the as_of_date and holds it: ages 0 to 364.
aged as (
    select
        revenue_days.*,
        dates.as_of_date,
        {{ dbt.datediff('revenue_days.revenue_date', 'dates.as_of_date', 'day') }} as age_days
    from revenue_days
    inner join dates
        on revenue_days.revenue_date <= dates.as_of_date
),

totals as (
    select
        customer_id,
        as_of_date,
        min(ordered_date) as first_order_date,
        max(ordered_date) as last_order_date,
        -- The latest of the days before is the day before the latest.
        max(previous_ordered_date) as previous_order_date,
        sum(order_count) as order_count,
        sum({{ in_window('age_days', 0, 90, 'order_count') }}) as order_count_90d,
        sum({{ in_window('age_days', 0, 365, 'order_count') }}) as order_count_365d,
        sum(gross_revenue_amount) as gross_revenue_amount,
        sum({{ in_window('age_days', 0, 365, 'gross_revenue_amount') }})
            as gross_revenue_amount_365d,
        sum(refund_amount) as refund_amount,
        sum({{ in_window('age_days', 0, 365, 'refund_amount') }}) as refund_amount_365d,
        sum({{ in_window('age_days', 0, 90, 'gross_revenue_amount - refund_amount') }})
            as net_revenue_amount_90d,
        sum({{ in_window('age_days', 365, 730, 'gross_revenue_amount - refund_amount') }})
            as previous_net_revenue_amount_365d
    from aged
    group by customer_id, as_of_date
),

joined as (
    select
        customers.customer_id,
        dates.as_of_date,
        customers.customer_type,
        {{ dbt.datediff('customers.first_seen_date', 'dates.as_of_date', 'day') }}
            as days_since_first_seen,
        {{ dbt.datediff('totals.first_order_date', 'dates.as_of_date', 'day') }}
            as days_since_first_order,
        {{ dbt.datediff('totals.last_order_date', 'dates.as_of_date', 'day') }}
            as days_since_last_order,
        {{ dbt.datediff('totals.previous_order_date', 'totals.last_order_date', 'day') }}
            as days_between_last_two_orders,
        cast(coalesce(totals.order_count, 0) as bigint) as order_count,
        cast(coalesce(totals.order_count_90d, 0) as bigint) as order_count_90d,
        cast(coalesce(totals.order_count_365d, 0) as bigint) as order_count_365d,
        {% for amount in [
            'gross_revenue_amount', 'gross_revenue_amount_365d', 'refund_amount',
            'refund_amount_365d', 'net_revenue_amount_90d', 'previous_net_revenue_amount_365d',
        ] -%}
        cast(coalesce(totals.{{ amount }}, 0) as decimal(18, 4)) as {{ amount }},
        {% endfor -%}
        dates.is_current,
        customers.first_seen_date,
        totals.first_order_date,
        totals.last_order_date
    from customers
    inner join dates
        on customers.first_seen_date <= dates.as_of_date
    left join totals
        on customers.customer_id = totals.customer_id
            and dates.as_of_date = totals.as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        customer_type,
        days_since_first_seen,
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
        cast(gross_revenue_amount - refund_amount as decimal(18, 4)) as net_revenue_amount,
        net_revenue_amount_90d,
        cast(gross_revenue_amount_365d - refund_amount_365d as decimal(18, 4))
            as net_revenue_amount_365d,
        previous_net_revenue_amount_365d,
        cast(gross_revenue_amount / nullif(order_count, 0) as decimal(18, 4))
            as average_order_amount,
        cast(refund_amount as double) / nullif(cast(gross_revenue_amount as double), 0)
            as refund_rate,
        -- Growth from nothing, or from a year of refunds, is no rate.
        case
            when previous_net_revenue_amount_365d > 0
                then
                    cast(gross_revenue_amount_365d - refund_amount_365d as double)
                    / cast(previous_net_revenue_amount_365d as double) - 1
        end as net_revenue_growth_rate,
        is_current,
        first_seen_date,
        first_order_date,
        last_order_date
    from joined
)

select * from final
