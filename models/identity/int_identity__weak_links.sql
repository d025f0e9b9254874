-- one row per pair of deterministic clusters that weak edges join; the smaller key stands left
with clusters as (
    select
        record_key,
        cluster_key
    from {{ ref('int_identity__deterministic_clusters') }}
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

linked_clusters as (
    select left_cluster_key as cluster_key from links
    union
    select right_cluster_key as cluster_key from links
),

-- All that a linked cluster knows.
members as (
    select
        clusters.cluster_key,
        count(*) over (partition by clusters.cluster_key) as record_count,
        records.*
    from linked_clusters
    inner join clusters
        on linked_clusters.cluster_key = clusters.cluster_key
    inner join {{ ref('int_identity__normalised') }} as records
        on clusters.record_key = records.record_key
),

judged_links as (
    select
        links.left_cluster_key,
        links.right_cluster_key,
        min({{ two_people_reason('one', 'other', 'households.has_households', are_linked=true) }})
            as two_people_reason,
        -- One weak link between two customers that each stand on their own is a bridge, not a match.
        max(links.link_count) = 1 and min(one.record_count) > 1 and min(other.record_count) > 1 as is_bridge
    from links
    inner join members as one
        on links.left_cluster_key = one.cluster_key
    inner join members as other
        on links.right_cluster_key = other.cluster_key
    cross join {{ ref('int_identity__households') }} as households
    group by links.left_cluster_key, links.right_cluster_key
),

refusals as (
    select
        links.*,
        case
            when judged_links.two_people_reason is not null and links.is_scored then 'probable_match'
            when judged_links.two_people_reason is not null then judged_links.two_people_reason
            when judged_links.is_bridge then 'weak_bridge'
        end as refusal
    from links
    inner join judged_links
        on links.left_cluster_key = judged_links.left_cluster_key
            and links.right_cluster_key = judged_links.right_cluster_key
),

joining_links as (
    select * from refusals where refusal is null
),

neighbours as (
    {{ both_directions(
        'joining_links', 'left_cluster_key', 'right_cluster_key', columns=['is_scored']
    ) }}
),

-- Two clusters that a third one brings together though they are two people.
two_people as (
    select
        one.record_key as middle_key,
        one.neighbour_key
    from neighbours as one
    inner join neighbours as other
        on one.record_key = other.record_key
            and one.neighbour_key <> other.neighbour_key
            -- A rule weighs more than a score.
            and (one.is_scored or not other.is_scored)
    inner join members as one_records
        on one.neighbour_key = one_records.cluster_key
    inner join members as other_records
        on other.neighbour_key = other_records.cluster_key
    cross join {{ ref('int_identity__households') }} as households
    where {{ two_people_reason('one_records', 'other_records', 'households.has_households', are_linked=true) }}
        is not null
    group by one.record_key, one.neighbour_key
),

chained_links as (
    select
        least(middle_key, neighbour_key) as left_cluster_key,
        greatest(middle_key, neighbour_key) as right_cluster_key
    from two_people
    group by least(middle_key, neighbour_key), greatest(middle_key, neighbour_key)
),

-- A cluster that may be either of two people is neither, for now.
final as (
    select
        refusals.left_cluster_key,
        refusals.right_cluster_key,
        refusals.left_record_key,
        refusals.right_record_key,
        refusals.rule_key,
        refusals.link_count,
        refusals.is_scored,
        case
            when chained_links.left_cluster_key is not null and refusals.is_scored
                then 'probable_match'
            when chained_links.left_cluster_key is not null then 'between_two_people'
            else refusals.refusal
        end as refusal
    from refusals
    left join chained_links
        on refusals.left_cluster_key = chained_links.left_cluster_key
            and refusals.right_cluster_key = chained_links.right_cluster_key
)

select * from final
