-- one row per customer with a counted order per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

gaps as (
    select
        customer_id,
        ordered_date,
        previous_ordered_date,
        {{ dbt.datediff('previous_ordered_date', 'ordered_date', 'day') }} as gap_days
    from {{ ref('int_customer_order_days') }}
),

medians as (
    select
        gaps.customer_id,
        dates.as_of_date,
        max(gaps.ordered_date) as last_order_date,
        -- The latest of the days before is the day before the latest.
        max(gaps.previous_ordered_date) as previous_order_date,
        count(gaps.gap_days) as gap_count,
        percentile_cont(0.5) within group (order by gaps.gap_days) as median_interpurchase_days
    from gaps
    inner join dates
        on gaps.ordered_date <= dates.as_of_date
    group by gaps.customer_id, dates.as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        cast({{ dbt.datediff('previous_order_date', 'last_order_date', 'day') }} as bigint)
            as days_between_last_two_orders,
        cast(median_interpurchase_days as double) as median_interpurchase_days,
        -- A single gap says nothing of what is usual.
        case
            when gap_count >= 2
                then
                    cast({{ dbt.datediff('last_order_date', 'as_of_date', 'day') }} as double)
                    / cast(median_interpurchase_days as double)
        end as interpurchase_ratio
    from medians
)

select * from final
