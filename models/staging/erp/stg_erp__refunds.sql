-- one row per refund: its newest usable version
select
    refund_id,
    order_id,
    customer_code,
    currency_code,
    refund_reason,
    refund_amount,
    exchange_rate,
    refunded_date,
    refunded_at,
    updated_at
from {{ ref('base_erp__refunds') }}
where row_status = 'kept'
