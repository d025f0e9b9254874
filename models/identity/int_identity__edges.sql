-- one row per match rule and pair of records that it joins; the smaller key stands left
with proposed_edges as (
    select * from {{ ref('int_identity__proposed_edges') }} where is_accepted
),

-- Two people in one group, each with the other one.
chained_records as (
    {{ both_directions(ref('int_identity__chained_pairs')) }}
),

links as (
    {{ both_directions('proposed_edges', columns=['rule_key', 'strength']) }}
),

supports as (
    select
        record_key,
        neighbour_key,
        max(case when strength = 'strong' then 1 else 0 end) as support,
        min(case when strength = 'weak' then 1 else 0 end) as is_weak,
        max(case when rule_key = 'override' then 1 else 0 end) as is_by_hand
    from links
    group by record_key, neighbour_key
),

-- A record that fits two people goes with the one whose number it has, or with neither.
fitting as (
    select
        to_one.record_key as middle_key,
        to_one.neighbour_key,
        max(case when to_one.support + to_other.support = 0 then 1 else 0 end) as is_undecided
    from chained_records
    inner join supports as to_one
        on chained_records.record_key = to_one.neighbour_key
    inner join supports as to_other
        on chained_records.neighbour_key = to_other.neighbour_key
            and to_one.record_key = to_other.record_key
    where to_one.support <= to_other.support
        and to_one.is_weak = 0
        and to_other.is_weak = 0
    group by to_one.record_key, to_one.neighbour_key
),

undecided_records as (
    select middle_key
    from fitting
    where is_undecided = 1
    group by middle_key
),

-- Nor with others that may be either of the two.
uncertain as (
    select
        middle_key,
        neighbour_key
    from fitting

    union all

    select
        supports.record_key as middle_key,
        supports.neighbour_key
    from supports
    inner join undecided_records
        on supports.record_key = undecided_records.middle_key
    where supports.support = 0
),

chained_edges as (
    select
        least(uncertain.middle_key, uncertain.neighbour_key) as left_record_key,
        greatest(uncertain.middle_key, uncertain.neighbour_key) as right_record_key
    from uncertain
    inner join supports
        on uncertain.middle_key = supports.record_key
            and uncertain.neighbour_key = supports.neighbour_key
    where supports.is_by_hand = 0
    group by
        least(uncertain.middle_key, uncertain.neighbour_key),
        greatest(uncertain.middle_key, uncertain.neighbour_key)
),

final as (
    select
        proposed_edges.left_record_key,
        proposed_edges.right_record_key,
        proposed_edges.rule_key,
        proposed_edges.strength,
        proposed_edges.match_value,
        proposed_edges.numbers_differ
    from proposed_edges
    left join chained_edges
        on proposed_edges.left_record_key = chained_edges.left_record_key
            and proposed_edges.right_record_key = chained_edges.right_record_key
    where chained_edges.left_record_key is null
)

select * from final
