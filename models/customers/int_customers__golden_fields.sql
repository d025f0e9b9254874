-- one row per customer and field that any of its records has a value for
-- The record that was changed last is the main one.
with customer_records as (
    select
        identity_map.customer_id,
        records.record_key,
        count(*) over (partition by identity_map.customer_id) as customer_record_count,
        row_number() over (
            partition by identity_map.customer_id
            order by records.updated_at desc nulls last, records.record_key
        ) = 1 as is_main_record
    from {{ ref('customer_identity_map') }} as identity_map
    inner join {{ ref('int_identity__records') }} as records
        on identity_map.record_key = records.record_key
),

field_values as (
    select
        customer_records.customer_id,
        customer_records.customer_record_count,
        customer_records.is_main_record,
        survivorship.method,
        survivorship.field_group,
        survivorship.source_order,
        field_values.*
    from {{ ref('int_customers__field_values') }} as field_values
    inner join customer_records
        on field_values.record_key = customer_records.record_key
    inner join {{ ref('survivorship') }} as survivorship
        on field_values.field = survivorship.field
),

-- Most customers have one record and nothing to decide.
decided as (
    select
        customer_id,
        field,
        field_value,
        record_key,
        method,
        1 as record_count,
        false as has_conflict,
        false as is_filled
    from field_values
    where customer_record_count = 1
),

-- A smaller number is a better record for the field.
judged as (
    select
        *,
        case method
            when 'source_priority'
                then coalesce(
                    nullif({{ dbt.position("' ' || source || ' '", "' ' || source_order || ' '") }}, 0),
                    1000000
                )
            when 'most_complete' then -count(*) over (partition by record_key, field_group)
            else 0
        end as method_rank
    from field_values
    where customer_record_count > 1
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, field
            order by is_trusted desc, method_rank, updated_at desc nulls last, record_key
        ) as field_rank,
        count(*) over field_records as record_count,
        coalesce(
            min(comparable_value) over field_records <> max(comparable_value) over field_records,
            false
        ) as has_conflict,
        max(case when is_main_record then 1 else 0 end) over field_records = 0 as is_filled
    from judged
    window field_records as (partition by customer_id, field)
),

final as (
    select * from decided

    union all

    select
        customer_id,
        field,
        field_value,
        record_key,
        method,
        record_count,
        has_conflict,
        is_filled
    from ranked
    where field_rank = 1
)

select * from final
