-- one row per touch: its newest usable version
select
    touch_id,
    subscriber_id,
    campaign_id,
    touch_type,
    occurred_date,
    occurred_at,
    updated_at
from {{ ref('base_marketing__touches') }}
where row_status = 'kept'
