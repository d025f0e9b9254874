-- one row per pair of firm clusters that weak edges join; the smaller key stands left
with proposed_links as (
    select * from {{ ref('int_identity__proposed_links') }}
),

clusters as (
    select
        record_key,
        cluster_key
    from {{ ref('int_identity__firm_clusters') }}
),

records as (
    select * from {{ ref('int_identity__normalised') }} where customer_type = 'consumer'
),

joining_links as (
    select * from proposed_links where refusal is null
),

scored_links as (
    select * from joining_links where is_scored
),

neighbours as (
    {{ both_directions('joining_links', 'left_cluster_key', 'right_cluster_key') }}
),

scored_neighbours as (
    {{ both_directions('scored_links', 'left_cluster_key', 'right_cluster_key') }}
),

-- Two clusters that a third one brings together, one of them by a scored link.
chains as (
    select
        scored_neighbours.record_key as middle_key,
        scored_neighbours.neighbour_key as scored_key,
        neighbours.neighbour_key as other_key
    from scored_neighbours
    inner join neighbours
        on scored_neighbours.record_key = neighbours.record_key
            and scored_neighbours.neighbour_key <> neighbours.neighbour_key
),

two_people as (
    select
        chains.middle_key,
        chains.scored_key,
        chains.other_key
    from chains
    inner join clusters as scored_clusters
        on chains.scored_key = scored_clusters.cluster_key
    inner join clusters as other_clusters
        on chains.other_key = other_clusters.cluster_key
    inner join records as scored_records
        on scored_clusters.record_key = scored_records.record_key
    inner join records as other_records
        on other_clusters.record_key = other_records.record_key
    group by chains.middle_key, chains.scored_key, chains.other_key
    having {{ are_two_people('scored_records', 'other_records') }}
),

chained_links as (
    select
        least(middle_key, scored_key) as left_cluster_key,
        greatest(middle_key, scored_key) as right_cluster_key
    from two_people
    group by least(middle_key, scored_key), greatest(middle_key, scored_key)
),

-- Who may be either of two people is neither, for now.
final as (
    select
        proposed_links.left_cluster_key,
        proposed_links.right_cluster_key,
        proposed_links.left_record_key,
        proposed_links.right_record_key,
        proposed_links.rule_key,
        proposed_links.link_count,
        proposed_links.is_scored,
        case
            when chained_links.left_cluster_key is not null then 'probable_match'
            else proposed_links.refusal
        end as refusal
    from proposed_links
    left join chained_links
        on proposed_links.left_cluster_key = chained_links.left_cluster_key
            and proposed_links.right_cluster_key = chained_links.right_cluster_key
)

select * from final
