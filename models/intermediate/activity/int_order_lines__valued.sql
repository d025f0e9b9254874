-- one row per usable order line
with lines as (
    select * from {{ ref('stg_erp__order_lines') }}
),

orders as (
    select
        order_id,
        customer_code,
        exchange_rate,
        is_counted,
        ordered_date
    from {{ ref('int_orders__valued') }}
),

customers as (
    select
        source_record_id as customer_code,
        customer_id
    from {{ ref('customer_identity_map') }}
    where source_system = 'erp'
),

products as (
    select
        product_code,
        product_category,
        unit_cost * exchange_rate as unit_cost_amount
    from {{ ref('stg_erp__products') }}
),

valued as (
    select
        lines.order_line_id,
        lines.order_id,
        customers.customer_id,
        lines.product_code,
        products.product_category,
        lines.quantity,
        {{ quantity_times_price('lines.quantity', 'lines.unit_price') }} * orders.exchange_rate
            as gross_amount,
        lines.discount_amount * orders.exchange_rate as discount_amount,
        lines.quantity * products.unit_cost_amount as product_cost_amount,
        orders.is_counted,
        orders.ordered_date
    from lines
    inner join orders
        on lines.order_id = orders.order_id
    left join customers
        on orders.customer_code = customers.customer_code
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
        cast(gross_amount as decimal(18, 4)) as gross_amount,
        cast(discount_amount as decimal(18, 4)) as discount_amount,
        cast(gross_amount as decimal(18, 4)) - cast(discount_amount as decimal(18, 4))
            as line_amount,
        cast(product_cost_amount as decimal(18, 4)) as product_cost_amount,
        is_counted,
        ordered_date
    from valued
)

select * from final
