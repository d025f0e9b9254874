-- one row per customer, business date and kind of movement: orders or refunds
with order_days as (
    select * from {{ ref('int_customer_order_days') }}
),

refunds as (
    select
        customer_id,
        refunded_date,
        refund_amount
    from {{ ref('int_refunds__attributed') }}
    where is_counted and customer_id is not null
),

revenue_days as (
    select
        customer_id,
        ordered_date as revenue_date,
        order_count,
        gross_revenue_amount,
        cast(0 as decimal(18, 4)) as refund_amount,
        ordered_date,
        previous_ordered_date
    from order_days

    union all

    select
        customer_id,
        refunded_date as revenue_date,
        0 as order_count,
        cast(0 as decimal(18, 4)) as gross_revenue_amount,
        cast(sum(refund_amount) as decimal(18, 4)) as refund_amount,
        cast(null as date) as ordered_date,
        cast(null as date) as previous_ordered_date
    from refunds
    group by customer_id, refunded_date
)

select * from revenue_days
