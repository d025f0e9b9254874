-- one row per customer_id that is no longer in use
with registry as (
    select
        record_key,
        customer_id,
        lead(assigned_at) over (partition by record_key order by assignment_number)
            as next_assigned_at
    from {{ ref('customer_id_registry') }}
),

current_ids as (
    select
        record_key,
        customer_id
    from {{ ref('customer_identity_map') }}
),

ids_in_use as (
    select customer_id from current_ids group by customer_id
),

-- Where the records of a retired id went.
destinations as (
    select
        registry.customer_id,
        current_ids.customer_id as current_customer_id,
        count(distinct registry.record_key) as record_count,
        max(registry.next_assigned_at) as last_left_date
    from registry
    inner join current_ids
        on registry.record_key = current_ids.record_key
    left join ids_in_use
        on registry.customer_id = ids_in_use.customer_id
    where ids_in_use.customer_id is null
    group by registry.customer_id, current_ids.customer_id
),

ranked as (
    select
        *,
        max(last_left_date) over (partition by customer_id) as retired_date,
        row_number() over (
            partition by customer_id order by record_count desc, current_customer_id
        ) as destination_rank
    from destinations
),

final as (
    select
        customer_id,
        current_customer_id,
        record_count,
        retired_date
    from ranked
    where destination_rank = 1
)

select * from final
