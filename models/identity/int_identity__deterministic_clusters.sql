-- one row per source record
with records as (
    select
        record_key,
        tax_id,
        national_id
    from {{ ref('int_identity__normalised') }}
),

deterministic_components as (
    select * from {{ ref('int_identity__deterministic_components') }}
),

strong_components as (
    select * from {{ ref('int_identity__strong_components') }}
),

deterministic_members as (
    select
        deterministic_components.component_key,
        deterministic_components.is_unfinished,
        records.tax_id,
        records.national_id
    from deterministic_components
    inner join records
        on deterministic_components.record_key = records.record_key
),

deterministic_verdicts as (
    {{ component_verdicts('deterministic_members') }}
),

-- Numbers do not count against a group in which two rules outweighed them.
supported as (
    select deterministic_components.component_key
    from {{ ref('int_identity__edges') }} as edges
    inner join deterministic_components
        on edges.left_record_key = deterministic_components.record_key
    where edges.numbers_differ
        and edges.strength <> 'weak'
    group by deterministic_components.component_key
),

-- Two people whom even a longer chain joins.
chained as (
    select left_components.component_key
    from {{ ref('int_identity__chained_pairs') }} as chained_pairs
    inner join deterministic_components as left_components
        on chained_pairs.left_record_key = left_components.record_key
    inner join deterministic_components as right_components
        on chained_pairs.right_record_key = right_components.record_key
            and left_components.component_key = right_components.component_key
    group by left_components.component_key
),

strong_members as (
    select
        component_key,
        is_unfinished,
        cast(null as varchar) as tax_id,
        cast(null as varchar) as national_id
    from strong_components
),

strong_verdicts as (
    {{ component_verdicts('strong_members') }}
),

judged as (
    select
        deterministic_components.record_key,
        deterministic_components.component_key,
        case
            when deterministic_verdicts.fallback_reason = 'too_large' or supported.component_key is null
                then coalesce(
                    deterministic_verdicts.fallback_reason,
                    case when chained.component_key is not null then 'two_people' end
                )
            when chained.component_key is not null then 'two_people'
        end as fallback_reason
    from deterministic_components
    inner join deterministic_verdicts
        on deterministic_components.component_key = deterministic_verdicts.component_key
    left join chained
        on deterministic_components.component_key = chained.component_key
    left join supported
        on deterministic_components.component_key = supported.component_key
),

-- A group that cannot be one customer falls back to its strong edges.
final as (
    select
        records.record_key,
        case
            when judged.fallback_reason is null
                then coalesce(judged.component_key, records.record_key)
            when strong_verdicts.fallback_reason is null
                then coalesce(strong_components.component_key, records.record_key)
            else records.record_key
        end as cluster_key,
        judged.fallback_reason,
        judged.component_key
    from records
    left join judged
        on records.record_key = judged.record_key
    left join strong_components
        on records.record_key = strong_components.record_key
    left join strong_verdicts
        on strong_components.component_key = strong_verdicts.component_key
)

select * from final
