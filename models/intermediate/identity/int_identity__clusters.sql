-- one row per source record
with firm_clusters as (
    select * from {{ ref('int_identity__firm_clusters') }}
),

records as (
    select
        record_key,
        tax_id,
        national_id
    from {{ ref('int_identity__normalised') }}
),

joined_clusters as (
    select * from {{ ref('int_identity__weak_components') }}
),

members as (
    select
        joined_clusters.component_key,
        joined_clusters.is_unfinished,
        records.tax_id,
        records.national_id
    from joined_clusters
    inner join firm_clusters
        on joined_clusters.record_key = firm_clusters.cluster_key
    inner join records
        on firm_clusters.record_key = records.record_key
),

verdicts as (
    {{ component_verdicts('members') }}
),

-- Where weak links join more than one customer can be, the clusters of the firm rules stay.
final as (
    select
        firm_clusters.record_key,
        case
            when verdicts.fallback_reason is null
                then coalesce(joined_clusters.component_key, firm_clusters.cluster_key)
            else firm_clusters.cluster_key
        end as cluster_key,
        coalesce(firm_clusters.fallback_reason, verdicts.fallback_reason) as fallback_reason,
        coalesce(
            case when firm_clusters.fallback_reason is not null then firm_clusters.component_key end,
            joined_clusters.component_key
        ) as component_key
    from firm_clusters
    left join joined_clusters
        on firm_clusters.cluster_key = joined_clusters.record_key
    left join verdicts
        on joined_clusters.component_key = verdicts.component_key
)

select * from final
