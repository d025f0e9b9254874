-- one row per marketing touch
select
    touches.touch_id,
    touches.subscriber_id,
    touches.campaign_id,
    subscribers.customer_id,
    touches.touch_type,
    touches.occurred_date,
    touches.occurred_at
from {{ ref('stg_marketing__touches') }} as touches
left join {{ ref('int_source_records__attributed') }} as subscribers
    on subscribers.source_table = 'marketing_subscribers'
        and touches.subscriber_id = subscribers.source_record_id
