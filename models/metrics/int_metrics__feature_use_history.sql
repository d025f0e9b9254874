-- one row per customer that used a feature in the 90 days that end on the as_of_date
with dates as (
    select
        as_of_date,
        cast({{ dbt.dateadd('day', -89, 'as_of_date') }} as date) as first_date
    from {{ ref('as_of_dates') }}
),

events as (
    select * from {{ ref('int_product_events__attributed') }}
    where customer_id is not null and feature_key is not null
),

feature_plans as (
    select * from {{ ref('feature_plans') }}
),

final as (
    select
        events.customer_id,
        dates.as_of_date,
        count(distinct events.feature_key) as feature_count,
        count(case when feature_plans.lowest_plan = 'professional' then 1 end)
            as professional_use_count,
        count(case when feature_plans.lowest_plan = 'enterprise' then 1 end)
            as enterprise_use_count
    from events
    inner join dates
        on events.occurred_date between dates.first_date and dates.as_of_date
    left join feature_plans
        on events.feature_key = feature_plans.feature_key
    group by events.customer_id, dates.as_of_date
)

select * from final
