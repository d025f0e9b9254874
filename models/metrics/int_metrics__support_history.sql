-- one row per customer per as_of_date, if tickets are loaded
with customer_dates as (
    select customer_dates.*
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_support_tickets
),

policy as (
    select service_cost_per_minute from {{ ref('int_policy__current') }}
),

dates as (
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
        customer_dates.customer_id,
        customer_dates.as_of_date,
        {% for count in [
            'ticket_count', 'ticket_count_90d', 'complaint_count_90d', 'open_complaint_count',
        ] -%}
        cast(coalesce(totals.{{ count }}, 0) as bigint) as {{ count }},
        {% endfor -%}
        {% for window in ['', '_365d'] -%}
        cast(coalesce(totals.handling_minutes{{ window }}, 0) as decimal(18, 4))
            as handling_minutes{{ window }},
        cast(
            cast(coalesce(totals.handling_minutes{{ window }}, 0) as decimal(28, 4))
            * policy.service_cost_per_minute as decimal(18, 4)
        ) as service_cost_amount{{ window }},
        {% endfor -%}
        totals.average_first_response_hours_365d,
        totals.average_satisfaction_score_365d
    from customer_dates
    cross join policy
    left join totals
        on customer_dates.customer_id = totals.customer_id
            and customer_dates.as_of_date = totals.as_of_date
)

select * from final
