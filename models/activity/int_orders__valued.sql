-- one row per order
with lines as (
    select
        order_id,
        count(*) as line_count,
        cast(sum(gross_amount - discount_amount) as decimal(18, 4)) as lines_amount
    from {{ ref('stg_erp__order_lines') }}
    group by order_id
),

valued as (
    select
        orders.*,
        coalesce(lines.line_count, 0) as line_count,
        coalesce(lines.lines_amount, orders.order_total_amount, 0) as order_currency_amount
    from {{ ref('stg_erp__orders') }} as orders
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
)

select
    *,
    order_status = 'completed' and order_amount > 0 as is_counted
from converted
