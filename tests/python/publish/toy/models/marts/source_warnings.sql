select
    'erp_orders' as source_table,
    'strange' as warning_key,
    cast(1 as bigint) as affected_count,
    count(*) as compared_count,
    min(customer_id) as example,
    cast(null as varchar) as counterexample
from {{ ref('stg_erp__orders') }}
having max(order_amount) = 999
