-- one row per customer per as_of_date: values, scores, the first rule that fires in each first_match set
with inputs as (
    select
        metrics.*,
        customer_values.group_customer_id,
        customer_values.own_value_amount,
        customer_values.value_amount,
        customer_values.higher_value_share_rate,
        customer_values.value_percentile_rate,
        coalesce(scores.rfm_segment_key, 'no_order') as rfm_segment_key,
        coalesce(scores.rfm_group_key, 'no_order') as rfm_group_key,
        scores.recency_score,
        scores.frequency_score,
        scores.monetary_score,
        scores.rfm_score,
        difficulty.difficulty_score
    from {{ ref('customer_metrics_history') }} as metrics
    left join {{ ref('int_segmentation__values_history') }} as customer_values
        on metrics.customer_id = customer_values.customer_id
            and metrics.as_of_date = customer_values.as_of_date
    left join {{ ref('int_rfm__scores_history') }} as scores
        on metrics.customer_id = scores.customer_id
            and metrics.as_of_date = scores.as_of_date
    left join {{ ref('int_segmentation__difficulty_history') }} as difficulty
        on metrics.customer_id = difficulty.customer_id
            and metrics.as_of_date = difficulty.as_of_date
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
        inputs.customer_id,
        inputs.as_of_date,
        inputs.group_customer_id,
        tier_rules.rule_key as tier_rule_key,
        tier_rules.outcome_key as tier_key,
        lifecycle_rules.rule_key as lifecycle_rule_key,
        lifecycle_rules.outcome_key as lifecycle_stage_key,
        matrix_rules.rule_key as matrix_rule_key,
        matrix_rules.outcome_key as matrix_key,
        inputs.rfm_segment_key,
        inputs.rfm_group_key,
        inputs.recency_score,
        inputs.frequency_score,
        inputs.monetary_score,
        inputs.rfm_score,
        inputs.difficulty_score,
        inputs.own_value_amount,
        inputs.value_amount,
        inputs.higher_value_share_rate,
        inputs.value_percentile_rate
    from inputs
    left join first_matches
        on inputs.customer_id = first_matches.customer_id
            and inputs.as_of_date = first_matches.as_of_date
    left join rules as tier_rules
        on first_matches.tier_rule_rank = tier_rules.rule_rank
    left join rules as lifecycle_rules
        on first_matches.lifecycle_rule_rank = lifecycle_rules.rule_rank
    left join rules as matrix_rules
        on first_matches.matrix_rule_rank = matrix_rules.rule_rank
)

select * from final
