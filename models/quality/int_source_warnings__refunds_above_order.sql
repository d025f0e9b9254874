-- one row: the orders whose refunds add up to more than their value
with refunds as (
    select
        order_id,
        sum({{ engine('in_base_currency', 'refund_amount', 'exchange_rate') }}) as refund_amount
    from {{ ref('stg_erp__refunds') }}
    where order_id is not null
    group by order_id
),

compared as (
    select
        refunds.order_id,
        refunds.refund_amount > orders.order_amount as is_above
    from refunds
    inner join {{ ref('int_orders__valued') }} as orders
        on refunds.order_id = orders.order_id
)

select
    'erp_refunds' as source_table,
    'refunds_above_order' as warning_key,
    sum(case when is_above then 1 else 0 end) as affected_count,
    count(*) as compared_count,
    min(case when is_above then order_id end) as example,
    cast(null as varchar) as counterexample
from compared
