select
    *,
    true as is_present,
    'warn' as stale_action,
    cast(3 as bigint) as stale_after_days,
    true as is_stale
from {{ ref('int_source_rows__counted') }}
