-- one row per customer and business date with a counted order
with orders as (
    select
        customer_id,
        ordered_date,
        gross_revenue_amount
    from {{ ref('orders') }}
    where is_counted and customer_id is not null
),

order_days as (
    select
        customer_id,
        ordered_date,
        count(*) as order_count,
        cast(sum(gross_revenue_amount) as decimal(18, 4)) as gross_revenue_amount
    from orders
    group by customer_id, ordered_date
),

sequenced as (
    select
        customer_id,
        ordered_date,
        order_count,
        gross_revenue_amount,
        lag(ordered_date) over (partition by customer_id order by ordered_date)
            as previous_ordered_date
    from order_days
)

select * from sequenced
