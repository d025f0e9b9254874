-- one row per customer per as_of_date, if opportunities or sales activities are loaded
with customer_dates as (
    select
        customer_dates.*,
        fresh.has_crm_opportunities,
        fresh.has_crm_activities
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_crm_opportunities or fresh.has_crm_activities
),

opportunities as (
    select * from {{ ref('int_metrics__opportunities_history') }}
),

activity_days as (
    select
        customer_id,
        occurred_date,
        count(*) as activity_count
    from {{ ref('int_activities__attributed') }}
    where customer_id is not null
    group by customer_id, occurred_date
),

aged as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        activity_days.activity_count,
        {{ dbt.datediff('activity_days.occurred_date', 'customer_dates.as_of_date', 'day') }}
            as age_days
    from customer_dates
    left join activity_days
        on customer_dates.customer_id = activity_days.customer_id
            and customer_dates.as_of_date >= activity_days.occurred_date
    where customer_dates.has_crm_activities
),

activities as (
    select
        customer_id,
        as_of_date,
        cast(sum({{ in_window('age_days', 0, 90, 'activity_count') }}) as bigint)
            as sales_activity_count_90d,
        cast(min(age_days) as bigint) as days_since_last_sales_activity
    from aged
    group by customer_id, as_of_date
),

-- Attributes of an opportunity are known for today only.
final as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        {% for word in ['competition_level', 'tender_stage'] -%}
        case
            when customer_dates.is_current and customer_dates.has_crm_opportunities
                then opportunities.{{ word }}
        end as {{ word }},
        {% endfor -%}
        case
            when customer_dates.is_current and customer_dates.has_crm_opportunities
                then coalesce(opportunities.open_opportunity_amount, 0)
        end as open_opportunity_amount,
        {% for count in ['open_opportunity_count', 'won_opportunity_count', 'lost_opportunity_count'] -%}
        case when customer_dates.has_crm_opportunities then coalesce(opportunities.{{ count }}, 0) end
            as {{ count }},
        {% endfor -%}
        {% for mean in ['win_rate', 'strong_competition_rate', 'average_decision_days'] -%}
        case when customer_dates.has_crm_opportunities then opportunities.{{ mean }} end as {{ mean }},
        {% endfor -%}
        activities.sales_activity_count_90d,
        activities.days_since_last_sales_activity
    from customer_dates
    left join opportunities
        on customer_dates.customer_id = opportunities.customer_id
            and customer_dates.as_of_date = opportunities.as_of_date
    left join activities
        on customer_dates.customer_id = activities.customer_id
            and customer_dates.as_of_date = activities.as_of_date
)

select * from final
