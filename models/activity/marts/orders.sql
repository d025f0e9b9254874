-- one row per order
with orders as (
    select * from {{ ref('int_orders__attributed') }}
),

refunds as (
    select
        order_id,
        sum(refund_amount) as refund_amount
    from {{ ref('int_refunds__valued') }}
    where is_counted
    group by order_id
),

final as (
    select
        orders.order_id,
        orders.customer_id,
        orders.customer_code,
        orders.currency_code,
        orders.order_status,
        orders.channel,
        orders.promotion_code,
        orders.line_count,
        orders.order_amount,
        case when orders.is_counted then orders.order_amount else 0 end as gross_revenue_amount,
        cast(coalesce(refunds.refund_amount, 0) as decimal(18, 4)) as refund_amount,
        orders.is_counted,
        orders.customer_code is null as is_guest,
        orders.ordered_date,
        orders.ordered_at
    from orders
    left join refunds
        on orders.order_id = refunds.order_id
)

select * from final
