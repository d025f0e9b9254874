-- one row per customer per as_of_date
with inputs as (
    select * from {{ ref('int_segmentation__rule_inputs_history') }}
),

stages as (
    select * from {{ ref('int_segmentation__first_matches_history') }}
),

final as (
    select
        inputs.customer_id,
        inputs.as_of_date,
        inputs.customer_type,
        stages.tier_key,
        stages.lifecycle_stage_key,
        inputs.rfm_segment_key,
        inputs.rfm_group_key,
        stages.matrix_key,
        stages.tier_rule_key,
        stages.lifecycle_rule_key,
        stages.matrix_rule_key,
        inputs.recency_score,
        inputs.frequency_score,
        inputs.monetary_score,
        inputs.rfm_score,
        inputs.difficulty_score,
        inputs.order_count,
        inputs.days_since_last_order,
        inputs.gross_revenue_amount,
        inputs.net_revenue_amount,
        inputs.net_revenue_amount_365d,
        inputs.group_customer_id,
        inputs.own_value_amount,
        inputs.value_amount,
        inputs.higher_value_share_rate,
        inputs.value_percentile_rate,
        inputs.is_current
    from inputs
    left join stages
        on inputs.customer_id = stages.customer_id
            and inputs.as_of_date = stages.as_of_date
)

select * from final
