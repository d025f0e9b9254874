-- one row per customer, at the current as_of_date
with health as (
    select * from {{ ref('int_segmentation__health') }}
),

bands as (
    select
        customer_id,
        outcome_key
    from {{ ref('int_segmentation__outcomes') }}
    where rule_set = 'health_band'
),

labels as (
    select * from {{ ref('labels') }} where kind = 'health_band'
),

final as (
    select
        health.customer_id,
        health.as_of_date,
        bands.outcome_key as health_band_key,
        labels.name_en,
        labels.name_zh,
        health.health_score,
        health.score_confidence,
        health.component_count,
        health.known_component_count
    from health
    left join bands
        on health.customer_id = bands.customer_id
    left join labels
        on bands.outcome_key = labels.outcome_key
)

select * from final
