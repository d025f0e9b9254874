-- one row per customer that has done something per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
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

aged_interaction_days as (
    select
        interaction_days.*,
        dates.as_of_date,
        {{ dbt.datediff('interaction_days.occurred_date', 'dates.as_of_date', 'day') }} as age_days
    from interaction_days
    inner join dates
        on interaction_days.occurred_date <= dates.as_of_date
),

totals as (
    select
        customer_id,
        as_of_date,
        cast(sum({{ in_window('age_days', 0, 90, 'interaction_count') }}) as bigint)
            as interaction_count_90d,
        min(age_days) as days_since_last_interaction
    from aged_interaction_days
    group by customer_id, as_of_date
)

select * from totals
