-- one row per customer with a product user per as_of_date
with dates as (
    select
        as_of_date,
        is_current,
        cast({{ dbt.dateadd('day', -29, 'as_of_date') }} as date) as first_date_30d,
        cast({{ dbt.dateadd('day', -89, 'as_of_date') }} as date) as first_date_90d
    from {{ ref('as_of_dates') }}
),

logins as (
    select * from {{ ref('int_metrics__logins_history') }}
),

active_users as (
    select
        events.customer_id,
        dates.as_of_date,
        count(distinct events.user_id) as active_user_count_30d
    from {{ ref('int_product_events__attributed') }} as events
    inner join dates
        on events.occurred_date between dates.first_date_30d and dates.as_of_date
    where events.customer_id is not null
    group by events.customer_id, dates.as_of_date
),

features as (
    select
        events.customer_id,
        dates.as_of_date,
        count(distinct events.feature_key) as feature_count_90d,
        count(case when feature_plans.lowest_plan = 'professional' then 1 end)
            as professional_use_count_90d,
        count(case when feature_plans.lowest_plan = 'enterprise' then 1 end)
            as enterprise_use_count_90d
    from {{ ref('int_product_events__attributed') }} as events
    inner join dates
        on events.occurred_date between dates.first_date_90d and dates.as_of_date
    left join {{ ref('feature_plans') }} as feature_plans
        on events.feature_key = feature_plans.feature_key
    where events.customer_id is not null and events.feature_key is not null
    group by events.customer_id, dates.as_of_date
),

active_customers as (
    select
        customer_id,
        min(occurred_date) as seen_date
    from {{ ref('int_product_events__attributed') }}
    where customer_id is not null
    group by customer_id
),

sightings as (
    select
        customer_id,
        seen_date
    from active_customers

    union all

    select
        customer_id,
        created_date as seen_date
    from {{ ref('int_product_users__attributed') }}
    where customer_id is not null
),

product_customers as (
    select
        customer_id,
        min(seen_date) as first_seen_date
    from sightings
    group by customer_id
),

-- Before the first event of anybody, use is unknown, not zero.
recorded as (
    select min(seen_date) as first_event_date from active_customers
),

final as (
    select
        product_customers.customer_id,
        dates.as_of_date,
        coalesce(logins.login_count, 0) as login_count,
        coalesce(logins.login_days_30d, 0) as login_days_30d,
        coalesce(logins.previous_login_days_30d, 0) as previous_login_days_30d,
        cast(logins.login_days_30d as double) / nullif(logins.previous_login_days_30d, 0) - 1
            as login_days_change_rate,
        coalesce(active_users.active_user_count_30d, 0) as active_user_count_30d,
        coalesce(features.feature_count_90d, 0) as feature_count_90d,
        coalesce(features.professional_use_count_90d, 0) as professional_use_count_90d,
        coalesce(features.enterprise_use_count_90d, 0) as enterprise_use_count_90d,
        logins.days_since_last_login
    from product_customers
    cross join recorded
    -- Who has no date at all is known from today on.
    inner join dates
        on recorded.first_event_date <= dates.as_of_date
            and (
                product_customers.first_seen_date <= dates.as_of_date
                or (product_customers.first_seen_date is null and dates.is_current)
            )
    left join logins
        on product_customers.customer_id = logins.customer_id
            and dates.as_of_date = logins.as_of_date
    left join active_users
        on product_customers.customer_id = active_users.customer_id
            and dates.as_of_date = active_users.as_of_date
    left join features
        on product_customers.customer_id = features.customer_id
            and dates.as_of_date = features.as_of_date
)

select * from final
