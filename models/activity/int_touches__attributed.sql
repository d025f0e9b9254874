-- one row per marketing touch
with touches as (
    select * from {{ ref('stg_marketing__touches') }}
),

ties as (
    select
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
    where source_table = 'marketing_subscribers'
),

attributed as (
    select
        touches.touch_id,
        touches.subscriber_id,
        touches.campaign_id,
        ties.customer_id,
        touches.touch_type,
        touches.occurred_date,
        touches.occurred_at
    from touches
    left join ties
        on touches.subscriber_id = ties.source_record_id
)

select * from attributed
