-- Fails if the number, value or refunds of the orders change between staging and `orders`
with orders as (
    select * from {{ ref('stg_erp__orders') }}
),

-- Worked out here once more, apart from the models in between.
lines as (
    select
        order_id,
        sum(round(cast(quantity as decimal(28, 4)) * unit_price, 4) - discount_amount)
            as lines_amount
    from {{ ref('stg_erp__order_lines') }}
    group by order_id
),

values_of_orders as (
    select
        orders.order_id,
        orders.order_status,
        round(
            cast(
                case
                    when lines.order_id is not null then lines.lines_amount
                    when orders.order_total_amount is not null then orders.order_total_amount
                    else 0
                end as decimal(28, 4)
            ) * orders.exchange_rate,
            4
        ) as order_amount
    from orders
    left join lines
        on orders.order_id = lines.order_id
),

refunds as (
    select
        sum(round(cast(refunds.refund_amount as decimal(28, 4)) * refunds.exchange_rate, 4))
            as refund_amount
    from {{ ref('stg_erp__refunds') }} as refunds
    inner join values_of_orders
        on refunds.order_id = values_of_orders.order_id
    where values_of_orders.order_status = 'completed' and values_of_orders.order_amount > 0
),

staged as (
    select
        count(*) as order_count,
        count(*) filter (where order_status = 'completed' and order_amount > 0) as counted_count,
        coalesce(sum(order_amount), 0) as order_amount,
        coalesce(
            sum(order_amount) filter (where order_status = 'completed' and order_amount > 0), 0
        ) as gross_revenue_amount,
        (select coalesce(refund_amount, 0) from refunds) as refund_amount
    from values_of_orders
),

published as (
    select
        count(*) as order_count,
        count(*) filter (where is_counted) as counted_count,
        coalesce(sum(order_amount), 0) as order_amount,
        coalesce(sum(gross_revenue_amount), 0) as gross_revenue_amount,
        coalesce(sum(refund_amount), 0) as refund_amount
    from {{ ref('orders') }}
)

select
    staged.order_count as staged_order_count,
    published.order_count,
    staged.counted_count as staged_counted_count,
    published.counted_count,
    staged.order_amount as staged_order_amount,
    published.order_amount,
    staged.gross_revenue_amount as staged_gross_revenue_amount,
    published.gross_revenue_amount,
    staged.refund_amount as staged_refund_amount,
    published.refund_amount
from staged
cross join published
where staged.order_count <> published.order_count
    or staged.counted_count <> published.counted_count
    or staged.order_amount <> published.order_amount
    or staged.gross_revenue_amount <> published.gross_revenue_amount
    or staged.refund_amount <> published.refund_amount
