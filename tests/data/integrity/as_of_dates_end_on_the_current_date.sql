-- Fails if there is not one current date, or the others are not the quarter ends just before it
with dates as (
    select
        as_of_date,
        is_current,
        cast({{ dbt.dateadd('day', 1, 'as_of_date') }} as date) as next_date,
        lead(as_of_date) over (order by as_of_date) as following_date
    from {{ ref('as_of_dates') }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

summary as (
    select
        count(*) as date_count,
        count(*) filter (where is_current) as current_count,
        count(*) filter (where not is_current) as history_count
    from dates
)

select
    dates.as_of_date,
    dates.is_current,
    summary.date_count,
    summary.current_count,
    summary.history_count
from summary
cross join limits
left join dates
    on true
where summary.current_count <> 1
    or summary.history_count > {{ var('history_quarters') }}
    or dates.as_of_date > limits.latest_permitted_date
    or dates.is_current <> (dates.following_date is null)
    or (
        not dates.is_current
        and cast({{ dbt.date_trunc('quarter', 'dates.next_date') }} as date) <> dates.next_date
    )
    or {{ dbt.date_trunc('quarter', 'dates.following_date') }}
        <> {{ dbt.date_trunc('quarter', 'dates.next_date') }}
