-- one row per source record and customer_id that it was given
with registry as (
    select
        record_key,
        customer_id,
        assigned_at,
        assignment_number,
        -- Rows older than the column count as older than any build of their date.
        coalesce(build_started_at, cast(assigned_at as timestamp)) as build_started_at
    from {{ ref('customer_id_registry') }}
),

identity_map as (
    select record_key from {{ ref('customer_identity_map') }}
),

final as (
    select
        registry.record_key,
        registry.customer_id,
        lead(registry.customer_id) over (
            partition by registry.record_key order by registry.assignment_number
        ) as next_customer_id,
        registry.assignment_number,
        identity_map.record_key is not null as is_present,
        registry.assigned_at as given_date,
        lead(registry.assigned_at) over (
            partition by registry.record_key order by registry.assignment_number
        ) as changed_date,
        registry.build_started_at as given_at,
        lead(registry.build_started_at) over (
            partition by registry.record_key order by registry.assignment_number
        ) as changed_at
    from registry
    left join identity_map
        on registry.record_key = identity_map.record_key
)

select * from final
