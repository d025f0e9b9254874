-- one row per match rule and pair of records that it joins; the smaller key stands left
select
    proposed_edges.left_record_key,
    proposed_edges.right_record_key,
    proposed_edges.rule_key,
    proposed_edges.strength,
    proposed_edges.match_value,
    proposed_edges.numbers_differ
from {{ ref('int_identity__proposed_edges') }} as proposed_edges
left join {{ ref('int_identity__chained_edges') }} as chained_edges
    on proposed_edges.left_record_key = chained_edges.left_record_key
        and proposed_edges.right_record_key = chained_edges.right_record_key
where proposed_edges.is_accepted
    and chained_edges.left_record_key is null
