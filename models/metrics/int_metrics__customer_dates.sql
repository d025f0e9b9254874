-- one row per customer per as_of_date from the first day seen on, and the sources known by then
with customers as (
    select * from {{ ref('customers') }}
),

dates as (
    select * from {{ ref('as_of_dates') }}
),

fresh as (
    select * from {{ ref('int_sources__fresh_history') }}
),

final as (
    select
        customers.customer_id,
        fresh.*,
        customers.customer_type,
        customers.first_seen_date,
        dates.is_current
    from customers
    inner join dates
        on customers.first_seen_date <= dates.as_of_date
    inner join fresh
        on dates.as_of_date = fresh.as_of_date
)

select * from final
