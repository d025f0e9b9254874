-- one row per customer per as_of_date, if tickets are loaded
with customer_dates as (
    select * from {{ ref('int_metrics__customer_dates') }} where has_support_tickets
),

policy as (
    select service_cost_per_minute from {{ ref('int_policy__current') }}
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

aged as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        tickets.opened_date,
        tickets.closed_date,
        tickets.handling_minutes,
        tickets.satisfaction_score,
        tickets.scored_date,
        tickets.first_response_hours,
        tickets.first_response_date,
        tickets.complaint_count,
        {{ dbt.datediff('tickets.opened_date', 'customer_dates.as_of_date', 'day') }} as age_days
    from customer_dates
    left join tickets
        on customer_dates.customer_id = tickets.customer_id
            and customer_dates.as_of_date >= tickets.opened_date
),

totals as (
    select
        customer_id,
        as_of_date,
        count(opened_date) as ticket_count,
        sum({{ in_window('age_days', 0, 90, '1') }}) as ticket_count_90d,
        sum({{ in_window('age_days', 0, 90, 'complaint_count') }}) as complaint_count_90d,
        coalesce(sum(case when closed_date <= as_of_date then 0 else complaint_count end), 0)
            as open_complaint_count,
        coalesce(sum(handling_minutes), 0) as handling_minutes,
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
    from aged
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
        {% for window in ['', '_365d'] -%}
        cast(
            cast(handling_minutes{{ window }} as decimal(28, 4))
            * service_cost_per_minute as decimal(18, 4)
        ) as service_cost_amount{{ window }},
        {% endfor -%}
        average_first_response_hours_365d,
        average_satisfaction_score_365d
    from totals
    cross join policy
)

select * from final
