-- one row per customer per as_of_date from the first day seen on
with customers as (
    select * from {{ ref('customers') }}
),

dates as (
    select * from {{ ref('as_of_dates') }}
),

final as (
    select
        customers.customer_id,
        dates.as_of_date,
        customers.customer_type,
        customers.first_seen_date,
        dates.is_current
    from customers
    inner join dates
        on customers.first_seen_date <= dates.as_of_date
)

select * from final
