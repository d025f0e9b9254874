-- one row per playbook, customer and stay in the audience
with snapshot_rows as (
    select * from {{ ref('playbook_audience_snapshot') }}
),

builds as (
    select
        started_at,
        as_of_date
    from {{ ref('build_log') }}
),

-- `build_log` tells the business date on which a row was closed. One that was opened and closed on
-- the same date (a correction) was never a stay.
spells as (
    select
        snapshot_rows.playbook_key,
        snapshot_rows.customer_id,
        snapshot_rows.as_of_date as entered_date,
        coalesce(builds.as_of_date, cast(snapshot_rows.dbt_valid_to as date)) as left_date
    from snapshot_rows
    left join builds
        on snapshot_rows.dbt_valid_to = builds.started_at
    where snapshot_rows.dbt_valid_to is null
        or coalesce(builds.as_of_date, cast(snapshot_rows.dbt_valid_to as date))
        > snapshot_rows.as_of_date
),

marked_spells as (
    select
        *,
        case
            when lag(left_date) over (
                partition by playbook_key, customer_id order by entered_date
            ) = entered_date then 0
            else 1
        end as is_new_stay
    from spells
),

numbered_spells as (
    select
        *,
        sum(is_new_stay) over (
            partition by playbook_key, customer_id order by entered_date
        ) as stay_number
    from marked_spells
),

-- A customer who left and came back on the same date (a correction as well) never left.
stays as (
    select
        playbook_key,
        customer_id,
        min(entered_date) as entered_date,
        case when count(*) = count(left_date) then max(left_date) end as left_date
    from numbered_spells
    group by playbook_key, customer_id, stay_number
)

select * from stays
