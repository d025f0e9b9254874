-- one row per order
with orders as (
    select * from {{ ref('stg_erp__orders') }}
),

lines as (
    select * from {{ ref('int_order_lines__summed') }}
),

valued as (
    select
        orders.order_id,
        orders.customer_code,
        orders.currency_code,
        orders.order_status,
        orders.channel,
        orders.promotion_code,
        coalesce(lines.line_count, 0) as line_count,
        coalesce(lines.lines_amount, orders.order_total_amount, 0) as order_currency_amount,
        orders.exchange_rate,
        orders.ordered_date,
        orders.ordered_at
    from orders
    left join lines
        on orders.order_id = lines.order_id
),

converted as (
    select
        order_id,
        customer_code,
        currency_code,
        order_status,
        channel,
        promotion_code,
        line_count,
        {{ engine('in_base_currency', 'order_currency_amount', 'exchange_rate') }} as order_amount,
        exchange_rate,
        ordered_date,
        ordered_at
    from valued
),

counted as (
    select
        *,
        order_status = 'completed' and order_amount > 0 as is_counted
    from converted
)

select * from counted
