-- one row per customer, id under which labels were published, and spell of equal labels
with snapshot_rows as (
    select * from {{ ref('customer_segments_snapshot') }}
),

builds as (
    select
        started_at,
        as_of_date
    from {{ ref('build_log') }}
),

aliases as (
    select
        customer_id,
        current_customer_id
    from {{ ref('customer_id_aliases') }}
),

spells as (
    select
        coalesce(aliases.current_customer_id, snapshot_rows.customer_id) as customer_id,
        snapshot_rows.customer_id as published_customer_id,
        snapshot_rows.policy_key,
        snapshot_rows.tier_key,
        snapshot_rows.lifecycle_stage_key,
        snapshot_rows.rfm_segment_key,
        snapshot_rows.dbt_valid_to is null as is_current,
        snapshot_rows.as_of_date as started_date,
        case
            when snapshot_rows.dbt_valid_to is not null
                then coalesce(builds.as_of_date, cast(snapshot_rows.dbt_valid_to as date))
        end as ended_date,
        row_number() over (
            partition by snapshot_rows.customer_id, snapshot_rows.as_of_date
            order by snapshot_rows.dbt_valid_from desc
        ) as newest_rank
    from snapshot_rows
    left join builds
        on snapshot_rows.dbt_valid_to = builds.started_at
    left join aliases
        on snapshot_rows.customer_id = aliases.customer_id
),

-- Of the builds of one date the last one counts; what it corrected was not said for a day.
final as (
    select
        customer_id,
        published_customer_id,
        policy_key,
        tier_key,
        lifecycle_stage_key,
        rfm_segment_key,
        is_current,
        started_date,
        ended_date
    from spells
    where newest_rank = 1 and (ended_date is null or ended_date > started_date)
)

select * from final
