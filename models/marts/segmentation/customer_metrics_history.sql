-- one row per customer per as_of_date
with dates as (
    select
        as_of_date,
        is_current
    from {{ ref('as_of_dates') }}
),

customers as (
    select * from {{ ref('customers') }}
),

order_days as (
    select * from {{ ref('int_customer_order_days') }}
),

refunds as (
    select
        identity_map.customer_id,
        refunds.refunded_date,
        refunds.refund_amount
    from {{ ref('int_refunds__attributed') }} as refunds
    inner join {{ ref('customer_identity_map') }} as identity_map
        on refunds.customer_code = identity_map.source_record_id
            and identity_map.source_system = 'erp'
    where refunds.is_counted
),

-- A window of 365 days ends on the as_of_date and holds it: ages 0 to 364.
aged_order_days as (
    select
        order_days.*,
        dates.as_of_date,
        {{ dbt.datediff('order_days.ordered_date', 'dates.as_of_date', 'day') }} as age_days
    from order_days
    inner join dates
        on order_days.ordered_date <= dates.as_of_date
),

order_totals as (
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
        sum({{ in_window('age_days', 0, 90, 'gross_revenue_amount') }})
            as gross_revenue_amount_90d,
        sum({{ in_window('age_days', 0, 365, 'gross_revenue_amount') }})
            as gross_revenue_amount_365d,
        sum({{ in_window('age_days', 365, 730, 'gross_revenue_amount') }})
            as previous_gross_revenue_amount_365d
    from aged_order_days
    group by customer_id, as_of_date
),

aged_refunds as (
    select
        refunds.*,
        dates.as_of_date,
        {{ dbt.datediff('refunds.refunded_date', 'dates.as_of_date', 'day') }} as age_days
    from refunds
    inner join dates
        on refunds.refunded_date <= dates.as_of_date
),

refund_totals as (
    select
        customer_id,
        as_of_date,
        sum(refund_amount) as refund_amount,
        sum({{ in_window('age_days', 0, 90, 'refund_amount') }}) as refund_amount_90d,
        sum({{ in_window('age_days', 0, 365, 'refund_amount') }}) as refund_amount_365d,
        sum({{ in_window('age_days', 365, 730, 'refund_amount') }})
            as previous_refund_amount_365d
    from aged_refunds
    group by customer_id, as_of_date
),

joined as (
    select
        customers.customer_id,
        dates.as_of_date,
        dates.is_current,
        customers.customer_type,
        -- What a record says of itself is known for today only.
        case when dates.is_current then customers.country end as country,
        case when dates.is_current then customers.channel_type end as channel_type,
        {{ dbt.datediff('order_totals.first_order_date', 'dates.as_of_date', 'day') }}
            as days_since_first_order,
        {{ dbt.datediff('order_totals.last_order_date', 'dates.as_of_date', 'day') }}
            as days_since_last_order,
        {{ dbt.datediff('order_totals.previous_order_date', 'order_totals.last_order_date', 'day') }}
            as days_between_last_two_orders,
        coalesce(order_totals.order_count, 0) as order_count,
        coalesce(order_totals.order_count_90d, 0) as order_count_90d,
        coalesce(order_totals.order_count_365d, 0) as order_count_365d,
        coalesce(order_totals.gross_revenue_amount, 0) as gross_revenue_amount,
        coalesce(order_totals.gross_revenue_amount_90d, 0) as gross_revenue_amount_90d,
        coalesce(order_totals.gross_revenue_amount_365d, 0) as gross_revenue_amount_365d,
        coalesce(order_totals.previous_gross_revenue_amount_365d, 0)
            as previous_gross_revenue_amount_365d,
        coalesce(refund_totals.refund_amount, 0) as refund_amount,
        coalesce(refund_totals.refund_amount_90d, 0) as refund_amount_90d,
        coalesce(refund_totals.refund_amount_365d, 0) as refund_amount_365d,
        coalesce(refund_totals.previous_refund_amount_365d, 0) as previous_refund_amount_365d,
        customers.first_seen_date,
        order_totals.first_order_date,
        order_totals.last_order_date
    from customers
    inner join dates
        on customers.first_seen_date <= dates.as_of_date
    left join order_totals
        on customers.customer_id = order_totals.customer_id
            and dates.as_of_date = order_totals.as_of_date
    left join refund_totals
        on customers.customer_id = refund_totals.customer_id
            and dates.as_of_date = refund_totals.as_of_date
),

netted as (
    select
        *,
        gross_revenue_amount - refund_amount as net_revenue_amount,
        gross_revenue_amount_90d - refund_amount_90d as net_revenue_amount_90d,
        gross_revenue_amount_365d - refund_amount_365d as net_revenue_amount_365d,
        previous_gross_revenue_amount_365d - previous_refund_amount_365d
            as previous_net_revenue_amount_365d
    from joined
),

final as (
    select
        customer_id,
        as_of_date,
        customer_type,
        country,
        channel_type,
        days_since_first_order,
        days_since_last_order,
        days_between_last_two_orders,
        cast(order_count as bigint) as order_count,
        cast(order_count_90d as bigint) as order_count_90d,
        cast(order_count_365d as bigint) as order_count_365d,
        cast(gross_revenue_amount as decimal(18, 4)) as gross_revenue_amount,
        cast(gross_revenue_amount_365d as decimal(18, 4)) as gross_revenue_amount_365d,
        cast(refund_amount as decimal(18, 4)) as refund_amount,
        cast(refund_amount_365d as decimal(18, 4)) as refund_amount_365d,
        cast(net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
        cast(net_revenue_amount_90d as decimal(18, 4)) as net_revenue_amount_90d,
        cast(net_revenue_amount_365d as decimal(18, 4)) as net_revenue_amount_365d,
        cast(previous_net_revenue_amount_365d as decimal(18, 4))
            as previous_net_revenue_amount_365d,
        cast(gross_revenue_amount / nullif(order_count, 0) as decimal(18, 4))
            as average_order_amount,
        cast(refund_amount as double) / nullif(cast(gross_revenue_amount as double), 0)
            as refund_rate,
        -- Growth from nothing, or from a year of refunds, is no rate.
        case
            when previous_net_revenue_amount_365d > 0
                then
                    cast(net_revenue_amount_365d as double)
                    / cast(previous_net_revenue_amount_365d as double) - 1
        end as net_revenue_growth_rate,
        is_current,
        first_seen_date,
        first_order_date,
        last_order_date
    from netted
)

select * from final
