-- one row per customer per as_of_date
with metrics as (
    select * from {{ ref('customer_metrics_history') }}
),

segments as (
    select * from {{ ref('int_segmentation__first_matches_history') }}
),

final as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        metrics.customer_type,
        segments.tier_key,
        segments.lifecycle_stage_key,
        segments.rfm_segment_key,
        segments.rfm_group_key,
        segments.matrix_key,
        segments.tier_rule_key,
        segments.lifecycle_rule_key,
        segments.matrix_rule_key,
        segments.recency_score,
        segments.frequency_score,
        segments.monetary_score,
        segments.rfm_score,
        segments.difficulty_score,
        metrics.order_count,
        metrics.days_since_last_order,
        metrics.gross_revenue_amount,
        metrics.net_revenue_amount,
        metrics.net_revenue_amount_365d,
        segments.group_customer_id,
        segments.own_value_amount,
        segments.value_amount,
        segments.higher_value_share_rate,
        segments.value_percentile_rate,
        metrics.is_current
    from metrics
    inner join segments
        on metrics.customer_id = segments.customer_id
            and metrics.as_of_date = segments.as_of_date
)

select * from final
