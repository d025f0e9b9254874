-- one row per customer with a counted order or refund per as_of_date
with identity_map as (
    select
        source_record_id,
        customer_id
    from {{ ref('customer_identity_map') }}
    where source_system = 'erp'
),

-- A window of 365 days ends on the as_of_date and holds it: ages 0 to 364.
aged as (
    select
        movements.*,
        dates.as_of_date,
        dates.is_current,
        {{ dbt.datediff('movements.movement_date', 'dates.as_of_date', 'day') }} as age_days
    from {{ ref('int_revenue__movements') }} as movements
    inner join {{ ref('as_of_dates') }} as dates
        on movements.movement_date <= dates.as_of_date
),

code_totals as (
    select
        customer_code,
        as_of_date,
        is_current,
        min(ordered_date) as first_order_date,
        max(ordered_date) as last_order_date,
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
    group by customer_code, as_of_date, is_current
),

totals as (
    select
        identity_map.customer_id,
        code_totals.as_of_date,
        code_totals.is_current,
        min(code_totals.first_order_date) as first_order_date,
        max(code_totals.last_order_date) as last_order_date,
        {% for count in ['order_count', 'order_count_90d', 'order_count_365d'] -%}
        cast(sum(code_totals.{{ count }}) as bigint) as {{ count }},
        {% endfor -%}
        {% for amount in [
            'gross_revenue_amount', 'gross_revenue_amount_365d', 'refund_amount',
            'refund_amount_365d', 'net_revenue_amount_90d', 'previous_net_revenue_amount_365d',
        ] -%}
        cast(sum(code_totals.{{ amount }}) as decimal(18, 4)) as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from code_totals
    inner join identity_map
        on code_totals.customer_code = identity_map.source_record_id
    group by identity_map.customer_id, code_totals.as_of_date, code_totals.is_current
),

final as (
    select
        totals.*,
        customers.customer_type,
        cast({{ dbt.datediff('totals.first_order_date', 'totals.as_of_date', 'day') }} as bigint)
            as days_since_first_order,
        cast({{ dbt.datediff('totals.last_order_date', 'totals.as_of_date', 'day') }} as bigint)
            as days_since_last_order,
        cast(totals.gross_revenue_amount - totals.refund_amount as decimal(18, 4))
            as net_revenue_amount,
        cast(totals.gross_revenue_amount_365d - totals.refund_amount_365d as decimal(18, 4))
            as net_revenue_amount_365d,
        cast(totals.gross_revenue_amount / nullif(totals.order_count, 0) as decimal(18, 4))
            as average_order_amount,
        cast(totals.refund_amount as double)
        / nullif(cast(totals.gross_revenue_amount as double), 0) as refund_rate,
        -- Growth from nothing, or from a year of refunds, is no rate.
        case
            when totals.previous_net_revenue_amount_365d > 0
                then
                    cast(totals.gross_revenue_amount_365d - totals.refund_amount_365d as double)
                    / cast(totals.previous_net_revenue_amount_365d as double) - 1
        end as net_revenue_growth_rate
    from totals
    inner join {{ ref('int_customers__recorded') }} as customers
        on totals.customer_id = customers.customer_id
)

select * from final
