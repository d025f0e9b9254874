-- one row per refund
with refunds as (
    select * from {{ ref('stg_erp__refunds') }}
),

orders as (
    select
        order_id,
        customer_code,
        is_counted
    from {{ ref('int_orders__valued') }}
),

customers as (
    select
        source_record_id as customer_code,
        customer_id
    from {{ ref('customer_identity_map') }}
    where source_system = 'erp'
),

attributed as (
    select
        refunds.refund_id,
        refunds.order_id,
        customers.customer_id,
        coalesce(refunds.customer_code, orders.customer_code) as customer_code,
        {{ engine('in_base_currency', 'refunds.refund_amount', 'refunds.exchange_rate') }}
            as refund_amount,
        -- Money returned for an order that never counted was never counted as revenue either.
        coalesce(orders.is_counted, true) as is_counted,
        refunds.refunded_date,
        refunds.refunded_at
    from refunds
    left join orders
        on refunds.order_id = orders.order_id
    left join customers
        on coalesce(refunds.customer_code, orders.customer_code) = customers.customer_code
)

select * from attributed
