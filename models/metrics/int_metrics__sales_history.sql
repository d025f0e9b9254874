-- one row per customer with an opportunity or a sales activity per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
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
        activity_days.*,
        dates.as_of_date,
        {{ dbt.datediff('activity_days.occurred_date', 'dates.as_of_date', 'day') }} as age_days
    from activity_days
    inner join dates
        on activity_days.occurred_date <= dates.as_of_date
),

activities as (
    select
        customer_id,
        as_of_date,
        sum({{ in_window('age_days', 0, 90, 'activity_count') }}) as sales_activity_count_90d,
        min(age_days) as days_since_last_sales_activity
    from aged
    group by customer_id, as_of_date
),

opportunities as (
    select * from {{ ref('int_metrics__opportunities_history') }}
),

final as (
    select
        coalesce(opportunities.customer_id, activities.customer_id) as customer_id,
        coalesce(opportunities.as_of_date, activities.as_of_date) as as_of_date,
        coalesce(opportunities.open_opportunity_count, 0) as open_opportunity_count,
        coalesce(opportunities.open_opportunity_amount, 0) as open_opportunity_amount,
        coalesce(opportunities.won_opportunity_count, 0) as won_opportunity_count,
        coalesce(opportunities.lost_opportunity_count, 0) as lost_opportunity_count,
        opportunities.win_rate,
        opportunities.average_decision_days,
        opportunities.competition_level,
        opportunities.strong_competition_rate,
        opportunities.tender_stage,
        cast(coalesce(activities.sales_activity_count_90d, 0) as bigint)
            as sales_activity_count_90d,
        activities.days_since_last_sales_activity
    from opportunities
    full outer join activities
        on opportunities.customer_id = activities.customer_id
            and opportunities.as_of_date = activities.as_of_date
)

select * from final
