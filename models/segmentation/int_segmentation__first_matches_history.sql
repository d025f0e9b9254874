-- one row per customer per as_of_date: the first rule that fires in each first_match set
with inputs as (
    select * from {{ ref('int_segmentation__rule_inputs_history') }}
),

conditions as (
    select * from {{ ref('int_rules__conditions') }}
    where rule_set in ('lifecycle', 'tier', 'matrix')
),

fired as (
    {{ evaluate_rules('inputs', 'conditions', metric_columns('first_stage')) }}
),

first_matches as (
    select
        customer_id,
        as_of_date,
        min(case when rule_set = 'tier' then rule_rank end) as tier_rule_rank,
        min(case when rule_set = 'lifecycle' then rule_rank end) as lifecycle_rule_rank,
        min(case when rule_set = 'matrix' then rule_rank end) as matrix_rule_rank
    from fired
    group by customer_id, as_of_date
),

rules as (
    select
        rule_rank,
        rule_key,
        outcome_key
    from conditions
    group by rule_rank, rule_key, outcome_key
),

final as (
    select
        first_matches.customer_id,
        first_matches.as_of_date,
        tier_rules.rule_key as tier_rule_key,
        tier_rules.outcome_key as tier_key,
        lifecycle_rules.rule_key as lifecycle_rule_key,
        lifecycle_rules.outcome_key as lifecycle_stage_key,
        matrix_rules.rule_key as matrix_rule_key,
        matrix_rules.outcome_key as matrix_key
    from first_matches
    left join rules as tier_rules
        on first_matches.tier_rule_rank = tier_rules.rule_rank
    left join rules as lifecycle_rules
        on first_matches.lifecycle_rule_rank = lifecycle_rules.rule_rank
    left join rules as matrix_rules
        on first_matches.matrix_rule_rank = matrix_rules.rule_rank
)

select * from final
