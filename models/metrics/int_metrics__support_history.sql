-- one row per customer with a ticket per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

tickets as (
    select
        customer_id,
        opened_date,
        closed_date,
        coalesce(handling_minutes, 0) as handling_minutes,
        satisfaction_score,
        -- A score is given when the ticket is closed.
        coalesce(closed_date, opened_date) as scored_date,
        cast({{ dbt.datediff('opened_at', 'first_response_at', 'second') }} as double) / 3600
            as first_response_hours,
        first_response_date,
        case when ticket_category = 'complaint' then 1 else 0 end as complaint_count
    from {{ ref('int_tickets__attributed') }}
    where customer_id is not null
),

aged_tickets as (
    select
        tickets.*,
        dates.as_of_date,
        {{ dbt.datediff('tickets.opened_date', 'dates.as_of_date', 'day') }} as age_days
    from tickets
    inner join dates
        on tickets.opened_date <= dates.as_of_date
),

totals as (
    select
        customer_id,
        as_of_date,
        count(*) as ticket_count,
        sum({{ in_window('age_days', 0, 90, '1') }}) as ticket_count_90d,
        sum({{ in_window('age_days', 0, 90, 'complaint_count') }}) as complaint_count_90d,
        sum(case when closed_date <= as_of_date then 0 else complaint_count end)
            as open_complaint_count,
        sum(handling_minutes) as handling_minutes,
        sum({{ in_window('age_days', 0, 365, 'handling_minutes') }}) as handling_minutes_365d,
        avg(
            case
                when age_days < 365 and first_response_date <= as_of_date
                    then first_response_hours
            end
        ) as average_first_response_hours_365d,
        avg(
            case
                when age_days < 365 and scored_date <= as_of_date
                    then cast(satisfaction_score as double)
            end
        ) as average_satisfaction_score_365d
    from aged_tickets
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        cast(ticket_count as bigint) as ticket_count,
        cast(ticket_count_90d as bigint) as ticket_count_90d,
        cast(complaint_count_90d as bigint) as complaint_count_90d,
        cast(open_complaint_count as bigint) as open_complaint_count,
        cast(handling_minutes as decimal(18, 4)) as handling_minutes,
        cast(handling_minutes_365d as decimal(18, 4)) as handling_minutes_365d,
        average_first_response_hours_365d,
        average_satisfaction_score_365d
    from totals
)

select * from final
