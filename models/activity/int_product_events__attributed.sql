-- one row per product event
with events as (
    select * from {{ ref('stg_product__events') }}
),

ties as (
    select
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
    where source_table = 'product_users'
),

attributed as (
    select
        events.event_id,
        events.user_id,
        ties.customer_id,
        events.event_type,
        events.feature_key,
        events.occurred_date,
        events.occurred_at
    from events
    left join ties
        on events.user_id = ties.source_record_id
)

select * from attributed
