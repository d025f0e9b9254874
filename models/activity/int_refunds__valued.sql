-- one row per refund
with refunds as (
    select
        refunds.*,
        coalesce(refunds.customer_code, orders.customer_code) as refunded_code,
        -- Money returned for an order that never counted was never counted as revenue either.
        coalesce(orders.is_counted, true) as is_counted
    from {{ ref('stg_erp__refunds') }} as refunds
    left join {{ ref('int_orders__valued') }} as orders
        on refunds.order_id = orders.order_id
)

select
    refund_id,
    order_id,
    refunded_code as customer_code,
    {{ engine('in_base_currency', 'refund_amount', 'exchange_rate') }} as refund_amount,
    is_counted,
    refunded_date,
    refunded_at
from refunds
