-- one row per customer per as_of_date, if anything that customers do is loaded
with customer_dates as (
    select customer_dates.*
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_interactions
),

interaction_days as (
    select
        customer_id,
        occurred_date,
        count(*) as interaction_count
    from {{ ref('interactions') }}
    where direction = 'inbound' and customer_id is not null
    group by customer_id, occurred_date
),

aged as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        interaction_days.interaction_count,
        {{ dbt.datediff('interaction_days.occurred_date', 'customer_dates.as_of_date', 'day') }}
            as age_days
    from customer_dates
    left join interaction_days
        on customer_dates.customer_id = interaction_days.customer_id
            and customer_dates.as_of_date >= interaction_days.occurred_date
),

totals as (
    select
        customer_id,
        as_of_date,
        cast(sum({{ in_window('age_days', 0, 90, 'interaction_count') }}) as bigint)
            as interaction_count_90d,
        cast(min(age_days) as bigint) as days_since_last_interaction
    from aged
    group by customer_id, as_of_date
)

select * from totals
