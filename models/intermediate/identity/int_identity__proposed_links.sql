-- one row per pair of firm clusters that weak edges join; the smaller key stands left
with clusters as (
    select
        record_key,
        cluster_key
    from {{ ref('int_identity__firm_clusters') }}
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

names as (
    select
        clusters.cluster_key,
        records.given_name,
        records.surname
    from clusters
    inner join records
        on clusters.record_key = records.record_key
    where records.given_name is not null or records.surname is not null
    group by clusters.cluster_key, records.given_name, records.surname
),

different_names as (
    select
        links.left_cluster_key,
        links.right_cluster_key
    from links
    inner join names as left_names
        on links.left_cluster_key = left_names.cluster_key
    inner join names as right_names
        on links.right_cluster_key = right_names.cluster_key
    where not links.is_scored
        and {{ names_differ('left_names', 'right_names', "'given_name'") }}
    group by links.left_cluster_key, links.right_cluster_key
),

-- What scores high may have names spelt beyond recognition; all that both clusters know counts.
two_people as (
    select
        links.left_cluster_key,
        links.right_cluster_key
    from links
    inner join clusters as left_clusters
        on links.left_cluster_key = left_clusters.cluster_key
    inner join clusters as right_clusters
        on links.right_cluster_key = right_clusters.cluster_key
    inner join records as left_records
        on left_clusters.record_key = left_records.record_key
    inner join records as right_records
        on right_clusters.record_key = right_records.record_key
    where links.is_scored
        and left_records.customer_type = 'consumer'
    group by links.left_cluster_key, links.right_cluster_key
    having {{ are_two_people('left_records', 'right_records') }}
),

-- One weak link between two customers that each stand on their own is a bridge, not a match.
final as (
    select
        links.*,
        case
            when different_names.left_cluster_key is not null then 'contested_value'
            when two_people.left_cluster_key is not null then 'probable_match'
            when links.link_count = 1 and left_sizes.record_count > 1 and right_sizes.record_count > 1
                then 'weak_bridge'
        end as refusal
    from links
    inner join sizes as left_sizes
        on links.left_cluster_key = left_sizes.cluster_key
    inner join sizes as right_sizes
        on links.right_cluster_key = right_sizes.cluster_key
    left join different_names
        on links.left_cluster_key = different_names.left_cluster_key
            and links.right_cluster_key = different_names.right_cluster_key
    left join two_people
        on links.left_cluster_key = two_people.left_cluster_key
            and links.right_cluster_key = two_people.right_cluster_key
)

select * from final
