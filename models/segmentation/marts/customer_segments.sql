-- one row per customer, at the current as_of_date
{% set labelled = {
    'tier': 'tier', 'lifecycle_stage': 'lifecycle_stage',
    'rfm_segment': 'rfm_segment', 'rfm_group': 'rfm_group', 'matrix': 'matrix',
    'health_band': 'health_band',
} %}
with judged as (
    select * from {{ ref('customer_segments_history') }} where is_current
),

health as (
    select * from {{ ref('customer_health_scores') }}
),

segments as (
    select
        judged.*,
        health.health_band_key,
        health.health_score,
        health.score_confidence
    from judged
    left join health
        on judged.customer_id = health.customer_id
),

metrics as (
    select * from {{ ref('customer_metrics') }}
),

owners as (
    select * from {{ ref('int_customers__owners') }} where owner_role = 'account_owner'
),

labels as (
    select * from {{ ref('labels') }}
),

final as (
    select
        segments.customer_id,
        segments.as_of_date,
        segments.customer_type,
        segments.tier_key,
        segments.lifecycle_stage_key,
        segments.rfm_segment_key,
        segments.rfm_group_key,
        segments.matrix_key,
        segments.health_band_key,
        {% for kind, prefix in labelled.items() -%}
        {{ prefix }}_labels.name_en as {{ prefix }}_name_en,
        {{ prefix }}_labels.name_zh as {{ prefix }}_name_zh,
        {% endfor -%}
        segments.group_customer_id,
        owners.owner_id,
        metrics.country,
        metrics.channel_type,
        segments.recency_score,
        segments.frequency_score,
        segments.monetary_score,
        segments.rfm_score,
        segments.difficulty_score,
        segments.health_score,
        segments.score_confidence,
        metrics.order_count,
        metrics.order_count_365d,
        metrics.days_since_last_order,
        metrics.gross_revenue_amount,
        metrics.net_revenue_amount,
        metrics.net_revenue_amount_365d,
        metrics.average_order_amount,
        segments.own_value_amount,
        segments.value_amount,
        segments.higher_value_share_rate,
        segments.value_percentile_rate,
        metrics.first_seen_date,
        metrics.first_order_date,
        metrics.last_order_date,
        '{{ var("segmentation_policy") }}' as policy_key,
        '{{ env_var("STRATA_BUILD_ID", invocation_id) }}' as build_id
    from segments
    inner join metrics
        on segments.customer_id = metrics.customer_id
    left join owners
        on segments.customer_id = owners.customer_id
    {% for kind, prefix in labelled.items() -%}
    left join labels as {{ prefix }}_labels
        on segments.{{ prefix }}_key = {{ prefix }}_labels.outcome_key
            and {{ prefix }}_labels.kind = '{{ kind }}'
    {% endfor %}
)

select * from final
