-- one row per customer, at the current as_of_date: what a second-stage rule may use
with inputs as (
    select * from {{ ref('int_segmentation__rule_inputs_history') }} where is_current
),

stages as (
    select * from {{ ref('int_segmentation__first_matches_history') }}
),

health as (
    select * from {{ ref('int_segmentation__health') }}
),

final as (
    select
        inputs.*,
        stages.tier_rule_key,
        stages.tier_key,
        stages.lifecycle_rule_key,
        stages.lifecycle_stage_key,
        stages.matrix_rule_key,
        stages.matrix_key,
        health.health_score,
        health.score_confidence
    from inputs
    left join stages
        on inputs.customer_id = stages.customer_id
            and inputs.as_of_date = stages.as_of_date
    left join health
        on inputs.customer_id = health.customer_id
)

select * from final
