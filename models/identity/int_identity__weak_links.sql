-- one row per pair of deterministic clusters that weak edges join; the smaller key stands left
with proposed_links as (
    select * from {{ ref('int_identity__proposed_links') }}
),

clusters as (
    select
        record_key,
        cluster_key
    from {{ ref('int_identity__deterministic_clusters') }}
),

records as (
    select * from {{ ref('int_identity__normalised') }}
),

joining_links as (
    select * from proposed_links where refusal is null
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
    inner join clusters as one_clusters
        on one.neighbour_key = one_clusters.cluster_key
    inner join clusters as other_clusters
        on other.neighbour_key = other_clusters.cluster_key
    inner join records as one_records
        on one_clusters.record_key = one_records.record_key
    inner join records as other_records
        on other_clusters.record_key = other_records.record_key
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
        proposed_links.left_cluster_key,
        proposed_links.right_cluster_key,
        proposed_links.left_record_key,
        proposed_links.right_record_key,
        proposed_links.rule_key,
        proposed_links.link_count,
        proposed_links.is_scored,
        case
            when chained_links.left_cluster_key is not null and proposed_links.is_scored
                then 'probable_match'
            when chained_links.left_cluster_key is not null then 'between_two_people'
            else proposed_links.refusal
        end as refusal
    from proposed_links
    left join chained_links
        on proposed_links.left_cluster_key = chained_links.left_cluster_key
            and proposed_links.right_cluster_key = chained_links.right_cluster_key
)

select * from final
