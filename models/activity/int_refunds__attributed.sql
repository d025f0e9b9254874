-- one row per refund
select
    refunds.*,
    customers.customer_id
from {{ ref('int_refunds__valued') }} as refunds
left join {{ ref('int_source_records__attributed') }} as customers
    on customers.source_table = 'erp_customers'
        and refunds.customer_code = customers.source_record_id
