select
    'erp_orders' as source_table,
    true as is_present,
    count(*) as row_count,
    count(try_cast(ordered_at as date)) as kept_count,
    cast(0 as bigint) as older_version_count,
    count(*) - count(try_cast(ordered_at as date)) as rejected_count,
    cast(3 as bigint) as stale_after_days,
    true as is_stale,
    max(try_cast(ordered_at as date)) as newest_date
from {{ source('erp', 'orders') }}
