-- one row per customer and field that any of its records has a value for
with field_values as (
    select * from {{ ref('int_customers__field_values') }}
),

survivorship as (
    select * from {{ ref('survivorship') }}
),

-- Most customers have one record and nothing to decide.
decided as (
    select
        field_values.customer_id,
        field_values.field,
        field_values.field_value,
        field_values.record_key,
        survivorship.method,
        1 as record_count,
        false as has_conflict,
        false as is_filled
    from field_values
    inner join survivorship
        on field_values.field = survivorship.field
    where field_values.customer_record_count = 1
),

-- A smaller number is a better record for the field.
judged as (
    select
        field_values.*,
        survivorship.method,
        case survivorship.method
            when 'source_priority'
                then coalesce(
                    nullif(
                        {{ dbt.position(
                            "' ' || field_values.source || ' '",
                            "' ' || survivorship.source_order || ' '"
                        ) }},
                        0
                    ),
                    1000000
                )
            when 'most_complete'
                then -count(*) over (
                    partition by field_values.record_key, survivorship.field_group
                )
            else 0
        end as method_rank
    from field_values
    inner join survivorship
        on field_values.field = survivorship.field
    where field_values.customer_record_count > 1
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, field
            order by is_trusted desc, method_rank, updated_at desc nulls last, record_key
        ) as field_rank,
        count(*) over (partition by customer_id, field) as record_count,
        coalesce(
            min(comparable_value) over (partition by customer_id, field)
            <> max(comparable_value) over (partition by customer_id, field),
            false
        ) as has_conflict,
        max(case when is_main_record then 1 else 0 end) over (partition by customer_id, field) = 0
            as is_filled
    from judged
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
