-- one row per product event
select
    events.event_id,
    events.user_id,
    users.customer_id,
    events.event_type,
    events.feature_key,
    events.occurred_date,
    events.occurred_at
from {{ ref('stg_product__events') }} as events
left join {{ ref('int_source_records__attributed') }} as users
    on users.source_table = 'product_users'
        and events.user_id = users.source_record_id
