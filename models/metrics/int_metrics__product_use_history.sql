-- one row per customer with a product user per as_of_date, if product events are loaded
with customer_dates as (
    select
        customer_dates.*,
        cast({{ dbt.dateadd('day', -29, 'customer_dates.as_of_date') }} as date) as first_date_30d
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_product_events
),

active_users as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        count(distinct events.user_id) as active_user_count_30d
    from customer_dates
    inner join {{ ref('int_product_events__attributed') }} as events
        on customer_dates.customer_id = events.customer_id
            and events.occurred_date
            between customer_dates.first_date_30d and customer_dates.as_of_date
    group by customer_dates.customer_id, customer_dates.as_of_date
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
        customer_dates.customer_id,
        customer_dates.as_of_date,
        coalesce(logins.login_count, 0) as login_count,
        coalesce(logins.login_days_30d, 0) as login_days_30d,
        coalesce(logins.previous_login_days_30d, 0) as previous_login_days_30d,
        cast(logins.login_days_30d as double) / nullif(logins.previous_login_days_30d, 0) - 1
            as login_days_change_rate,
        coalesce(active_users.active_user_count_30d, 0) as active_user_count_30d,
        coalesce(features.feature_count, 0) as feature_count_90d,
        cast(logins.days_since_last_login as bigint) as days_since_last_login
    from customer_dates
    -- A customer without any date is known from today on.
    inner join product_customers
        on customer_dates.customer_id = product_customers.customer_id
            and (
                customer_dates.as_of_date >= product_customers.first_seen_date
                or (product_customers.first_seen_date is null and customer_dates.is_current)
            )
    inner join recorded
        on customer_dates.as_of_date >= recorded.first_event_date
    left join {{ ref('int_metrics__logins_history') }} as logins
        on customer_dates.customer_id = logins.customer_id
            and customer_dates.as_of_date = logins.as_of_date
    left join active_users
        on customer_dates.customer_id = active_users.customer_id
            and customer_dates.as_of_date = active_users.as_of_date
    left join {{ ref('int_metrics__feature_use_history') }} as features
        on customer_dates.customer_id = features.customer_id
            and customer_dates.as_of_date = features.as_of_date
)

select * from final
