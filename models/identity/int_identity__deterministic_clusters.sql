-- one row per source record
with records as (
    select
        record_key,
        tax_id,
        national_id
    from {{ ref('int_identity__normalised') }}
),

edges as (
    select * from {{ ref('int_identity__edges') }} where strength <> 'weak'
),

chained_pairs as (
    select * from {{ ref('int_identity__chained_pairs') }}
),

links as (
    {{ both_directions('edges') }}
),

{{ connected_components('links', 'components') }},

members as (
    select
        components.component_key,
        components.is_unfinished,
        records.tax_id,
        records.national_id
    from components
    inner join records
        on components.record_key = records.record_key
),

verdicts as (
    {{ component_verdicts('members') }}
),

-- Numbers do not count against a group in which two rules outweighed them.
supported as (
    select components.component_key
    from edges
    inner join components
        on edges.left_record_key = components.record_key
    where edges.numbers_differ
    group by components.component_key
),

-- Two people whom even a longer chain joins.
chained as (
    select left_components.component_key
    from chained_pairs
    inner join components as left_components
        on chained_pairs.left_record_key = left_components.record_key
    inner join components as right_components
        on chained_pairs.right_record_key = right_components.record_key
            and left_components.component_key = right_components.component_key
    group by left_components.component_key
),

judged as (
    select
        verdicts.component_key,
        coalesce(
            case
                when verdicts.fallback_reason = 'too_large' or supported.component_key is null
                    then verdicts.fallback_reason
            end,
            case when chained.component_key is not null then 'two_people' end
        ) as fallback_reason
    from verdicts
    left join chained
        on verdicts.component_key = chained.component_key
    left join supported
        on verdicts.component_key = supported.component_key
),

-- A group that cannot be one customer falls back to its strong edges.
strong_edges as (
    select edges.*
    from edges
    inner join components
        on edges.left_record_key = components.record_key
    inner join judged
        on components.component_key = judged.component_key
    where edges.strength = 'strong'
        and judged.fallback_reason is not null
),

strong_links as (
    {{ both_directions('strong_edges') }}
),

{{ connected_components('strong_links', 'strong_components') }},

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
    left join components
        on records.record_key = components.record_key
    left join judged
        on components.component_key = judged.component_key
    left join strong_components
        on records.record_key = strong_components.record_key
    left join strong_verdicts
        on strong_components.component_key = strong_verdicts.component_key
)

select * from final
