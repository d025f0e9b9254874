-- one row per source record
with deterministic_clusters as (
    select * from {{ ref('int_identity__deterministic_clusters') }}
),

records as (
    select
        record_key,
        tax_id,
        national_id
    from {{ ref('int_identity__normalised') }}
),

weak_links as (
    select * from {{ ref('int_identity__weak_links') }} where refusal is null
),

links as (
    {{ both_directions('weak_links', 'left_cluster_key', 'right_cluster_key') }}
),

{{ connected_components('links', 'joined_clusters') }},

members as (
    select
        joined_clusters.component_key,
        joined_clusters.is_unfinished,
        records.tax_id,
        records.national_id
    from joined_clusters
    inner join deterministic_clusters
        on joined_clusters.record_key = deterministic_clusters.cluster_key
    inner join records
        on deterministic_clusters.record_key = records.record_key
),

verdicts as (
    {{ component_verdicts('members') }}
),

-- Where weak links join more than one customer can be, the clusters of the deterministic rules stay.
final as (
    select
        deterministic_clusters.record_key,
        case
            when verdicts.fallback_reason is null
                then coalesce(joined_clusters.component_key, deterministic_clusters.cluster_key)
            else deterministic_clusters.cluster_key
        end as cluster_key,
        coalesce(deterministic_clusters.fallback_reason, verdicts.fallback_reason) as fallback_reason,
        coalesce(
            case when deterministic_clusters.fallback_reason is not null then deterministic_clusters.component_key end,
            joined_clusters.component_key
        ) as component_key
    from deterministic_clusters
    left join joined_clusters
        on deterministic_clusters.cluster_key = joined_clusters.record_key
    left join verdicts
        on joined_clusters.component_key = verdicts.component_key
)

select * from final
