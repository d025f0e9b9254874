-- one row per pair of deterministic clusters that weak edges join; the smaller key stands left
with clusters as (
    select
        record_key,
        cluster_key
    from {{ ref('int_identity__deterministic_clusters') }}
),

records as (
    select * from {{ ref('int_identity__normalised') }}
),

sizes as (
    select
        cluster_key,
        count(*) as record_count
    from clusters
    group by cluster_key
),

weak_edges as (
    select * from {{ ref('int_identity__edges') }} where strength = 'weak'
),

links as (
    select
        least(left_clusters.cluster_key, right_clusters.cluster_key) as left_cluster_key,
        greatest(left_clusters.cluster_key, right_clusters.cluster_key) as right_cluster_key,
        -- The smaller record key of an edge may lie in the cluster with the larger key.
        min(case
            when left_clusters.cluster_key < right_clusters.cluster_key
                then weak_edges.left_record_key
            else weak_edges.right_record_key
        end) as left_record_key,
        min(case
            when left_clusters.cluster_key < right_clusters.cluster_key
                then weak_edges.right_record_key
            else weak_edges.left_record_key
        end) as right_record_key,
        min(weak_edges.rule_key) as rule_key,
        count(distinct weak_edges.rule_key || '/' || weak_edges.match_value) as link_count,
        max(case when weak_edges.rule_key = 'probabilistic' then 1 else 0 end) = 1 as is_scored
    from weak_edges
    inner join clusters as left_clusters
        on weak_edges.left_record_key = left_clusters.record_key
    inner join clusters as right_clusters
        on weak_edges.right_record_key = right_clusters.record_key
    where left_clusters.cluster_key <> right_clusters.cluster_key
    group by
        least(left_clusters.cluster_key, right_clusters.cluster_key),
        greatest(left_clusters.cluster_key, right_clusters.cluster_key)
),

-- All that both clusters know counts.
two_people as (
    select
        left_cluster_key,
        right_cluster_key,
        min(two_people_reason) as two_people_reason
    from (
        select
            links.left_cluster_key,
            links.right_cluster_key,
            {{ two_people_reason('left_records', 'right_records', 'households.has_households', are_linked=true) }}
                as two_people_reason
        from links
        inner join clusters as left_clusters
            on links.left_cluster_key = left_clusters.cluster_key
        inner join clusters as right_clusters
            on links.right_cluster_key = right_clusters.cluster_key
        inner join records as left_records
            on left_clusters.record_key = left_records.record_key
        inner join records as right_records
            on right_clusters.record_key = right_records.record_key
        cross join {{ ref('int_identity__households') }} as households
    ) as compared
    where two_people_reason is not null
    group by left_cluster_key, right_cluster_key
),

-- One weak link between two customers that each stand on their own is a bridge, not a match.
final as (
    select
        links.*,
        case
            when two_people.two_people_reason is not null and links.is_scored
                then 'probable_match'
            when two_people.two_people_reason is not null then two_people.two_people_reason
            when links.link_count = 1 and left_sizes.record_count > 1 and right_sizes.record_count > 1
                then 'weak_bridge'
        end as refusal
    from links
    inner join sizes as left_sizes
        on links.left_cluster_key = left_sizes.cluster_key
    inner join sizes as right_sizes
        on links.right_cluster_key = right_sizes.cluster_key
    left join two_people
        on links.left_cluster_key = two_people.left_cluster_key
            and links.right_cluster_key = two_people.right_cluster_key
)

select * from final
