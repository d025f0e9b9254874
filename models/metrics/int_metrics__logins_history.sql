-- one row per customer with a login per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

login_days as (
    select
        customer_id,
        occurred_date,
        count(*) as login_count
    from {{ ref('int_product_events__attributed') }}
    where event_type = 'login' and customer_id is not null
    group by customer_id, occurred_date
),

aged_login_days as (
    select
        login_days.*,
        dates.as_of_date,
        {{ dbt.datediff('login_days.occurred_date', 'dates.as_of_date', 'day') }} as age_days
    from login_days
    inner join dates
        on login_days.occurred_date <= dates.as_of_date
),

totals as (
    select
        customer_id,
        as_of_date,
        cast(sum(login_count) as bigint) as login_count,
        cast(sum({{ in_window('age_days', 0, 30, '1') }}) as bigint) as login_days_30d,
        cast(sum({{ in_window('age_days', 30, 60, '1') }}) as bigint) as previous_login_days_30d,
        min(age_days) as days_since_last_login
    from aged_login_days
    group by customer_id, as_of_date
)

select * from totals
