-- one row per match rule and pair of records that it joins; the smaller key stands left
with match_values as (
    select * from {{ ref('int_identity__match_values') }}
),

edges as (
    -- A star around the first record of a value joins all its records with one row each.
    select
        first_record_key as left_record_key,
        record_key as right_record_key,
        rule_key,
        record_count
    from match_values
    where blocked_reason is null
        and record_key <> first_record_key
)

select * from edges
