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
    refunds.refund_id,
    refunds.order_id,
    customers.customer_id,
    refunds.refunded_code as customer_code,
    {{ engine('in_base_currency', 'refunds.refund_amount', 'refunds.exchange_rate') }}
        as refund_amount,
    refunds.is_counted,
    refunds.refunded_date,
    refunds.refunded_at
from refunds
left join {{ ref('int_source_records__attributed') }} as customers
    on customers.source_table = 'erp_customers'
        and refunds.refunded_code = customers.source_record_id
