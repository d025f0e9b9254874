-- one row per usable order line
with lines as (
    select * from {{ ref('stg_erp__order_lines') }}
),

orders as (
    select
        order_id,
        customer_id,
        exchange_rate,
        is_counted,
        ordered_date
    from {{ ref('int_orders__attributed') }}
),

products as (
    select
        product_code,
        product_category,
        unit_cost,
        exchange_rate,
        unit_cost * exchange_rate as unit_cost_amount
    from {{ ref('stg_erp__products') }}
),

valued as (
    select
        lines.order_line_id,
        lines.order_id,
        orders.customer_id,
        lines.product_code,
        products.product_category,
        lines.quantity,
        {{ engine('in_base_currency', 'lines.gross_amount', 'orders.exchange_rate') }} as gross_amount,
        {{ engine('in_base_currency', 'lines.discount_amount', 'orders.exchange_rate') }} as discount_amount,
        -- A cost of a trillion or more is a fault of one of the two numbers, and has no room. Long
        -- decimals only where there is something to convert.
        case
            when abs(
                cast(lines.quantity as double) * cast(products.unit_cost_amount as double)
            ) >= 1000000000000
                then null
            when products.exchange_rate = 1
                then {{ engine('quantity_times_price', 'lines.quantity', 'products.unit_cost') }}
            else cast(lines.quantity * products.unit_cost_amount as decimal(18, 4))
        end as product_cost_amount,
        orders.is_counted,
        orders.ordered_date
    from lines
    inner join orders
        on lines.order_id = orders.order_id
    left join products
        on lines.product_code = products.product_code
),

final as (
    select
        order_line_id,
        order_id,
        customer_id,
        product_code,
        product_category,
        quantity,
        gross_amount,
        discount_amount,
        gross_amount - discount_amount as line_amount,
        product_cost_amount,
        is_counted,
        ordered_date
    from valued
)

select * from final
