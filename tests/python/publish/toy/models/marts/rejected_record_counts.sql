select
    'erp_orders' as source_table,
    'unreadable_date' as rejection_reason,
    'Not a date.' as meaning,
    'Write dates as YYYY-MM-DD.' as fix,
    count(*) as record_count
from {{ source('erp', 'orders') }}
where try_cast(ordered_at as date) is null
having count(*) > 0
