select
    'erp_orders' as source_table,
    'unreadable_date' as rejection_reason,
    count(*) as record_count
from {{ source('erp', 'orders') }}
where try_cast(ordered_at as date) is null
having count(*) > 0
