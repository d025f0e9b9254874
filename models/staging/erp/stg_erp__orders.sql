-- one row per order: its newest usable version
select
    order_id,
    customer_code,
    currency_code,
    order_status,
    channel,
    promotion_code,
    order_total_amount,
    exchange_rate,
    ordered_date,
    ordered_at,
    updated_at
from {{ ref('base_erp__orders') }}
where row_status = 'kept'
