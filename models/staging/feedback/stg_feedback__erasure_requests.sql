-- one row per request: its newest usable version
select
    request_id,
    identifier_type,
    identifier,
    requested_date,
    requested_at,
    updated_at
from {{ ref('base_feedback__erasure_requests') }}
where row_status = 'kept'
