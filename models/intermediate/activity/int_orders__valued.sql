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
        -- DuckDB multiplies two short decimals as a short one, which overflows at a million.
        cast(
            cast(coalesce(lines.lines_amount, orders.order_total_amount, 0) as decimal(28, 4))
            * orders.exchange_rate
            as decimal(18, 4)
        ) as order_amount,
        orders.ordered_date,
        orders.ordered_at
    from orders
    left join lines
        on orders.order_id = lines.order_id
),

counted as (
    select
        *,
        order_status = 'completed' and order_amount > 0 as is_counted
    from valued
)

select * from counted
