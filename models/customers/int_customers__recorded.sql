-- one row per customer
with records as (
    select
        record_key,
        customer_type,
        first_seen_date
    from {{ ref('int_identity__records') }}
),

identity_map as (
    select
        record_key,
        customer_id
    from {{ ref('customer_identity_map') }}
),

-- A match rule never joins records of two types, so any record tells the type.
final as (
    select
        identity_map.customer_id,
        min(records.customer_type) as customer_type,
        count(*) as source_record_count,
        min(records.first_seen_date) as first_seen_date
    from records
    inner join identity_map
        on records.record_key = identity_map.record_key
    group by identity_map.customer_id
)

select * from final
