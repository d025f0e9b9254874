-- one row per counted order and per counted refund
with orders as (
    select
        customer_code,
        ordered_date,
        order_amount
    from {{ ref('int_orders__valued') }}
    where is_counted and customer_code is not null
),

refunds as (
    select
        customer_code,
        refunded_date,
        refund_amount
    from {{ ref('int_refunds__valued') }}
    where is_counted and customer_code is not null
),

movements as (
    select
        customer_code,
        ordered_date as movement_date,
        1 as order_count,
        order_amount as gross_revenue_amount,
        cast(0 as decimal(18, 4)) as refund_amount,
        ordered_date
    from orders

    union all

    select
        customer_code,
        refunded_date as movement_date,
        0 as order_count,
        cast(0 as decimal(18, 4)) as gross_revenue_amount,
        refund_amount,
        cast(null as date) as ordered_date
    from refunds
)

select * from movements
