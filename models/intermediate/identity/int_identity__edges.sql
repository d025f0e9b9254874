-- one row per match rule and pair of records that it joins; the smaller key stands left
select
    left_record_key,
    right_record_key,
    rule_key,
    strength,
    match_value,
    numbers_differ
from {{ ref('int_identity__proposed_edges') }}
where is_accepted
