-- one row per order
select
    orders.*,
    customers.customer_id
from {{ ref('int_orders__valued') }} as orders
left join {{ ref('int_source_records__attributed') }} as customers
    on customers.source_table = 'erp_customers'
        and orders.customer_code = customers.source_record_id
