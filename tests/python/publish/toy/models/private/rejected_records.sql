select
    'erp_orders' as source_table,
    'unreadable_date' as rejection_reason,
    'ordered_at' as rejected_column,
    ordered_at as rejected_value
from {{ source('erp', 'orders') }}
where try_cast(ordered_at as date) is null
