-- one row per event: its newest usable version
select
    event_id,
    user_id,
    event_type,
    feature_key,
    occurred_date,
    occurred_at,
    updated_at
from {{ ref('base_product__events') }}
where row_status = 'kept'
