select
    order_id,
    customer_code as customer_id,
    cast(ordered_at as date) as order_date,
    cast(order_total_amount as decimal(18, 2)) as order_amount
from {{ source('erp', 'orders') }}
where try_cast(ordered_at as date) is not null
