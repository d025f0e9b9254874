-- one row per customer per as_of_date: every number and key that a first-stage rule may use
with metrics as (
    select * from {{ ref('customer_metrics_history') }}
),

customer_values as (
    select * from {{ ref('int_segmentation__values_history') }}
),

scores as (
    select * from {{ ref('int_rfm__scores_history') }}
),

difficulty as (
    select * from {{ ref('int_segmentation__difficulty_history') }}
),

final as (
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
    from metrics
    inner join customer_values
        on metrics.customer_id = customer_values.customer_id
            and metrics.as_of_date = customer_values.as_of_date
    left join scores
        on metrics.customer_id = scores.customer_id
            and metrics.as_of_date = scores.as_of_date
    left join difficulty
        on metrics.customer_id = difficulty.customer_id
            and metrics.as_of_date = difficulty.as_of_date
)

select * from final
