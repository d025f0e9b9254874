-- one row per customer and tag, at the current as_of_date
with outcomes as (
    select * from {{ ref('int_segmentation__outcomes') }} where rule_set = 'tag'
),

labels as (
    select * from {{ ref('labels') }} where kind = 'tag'
),

final as (
    select
        outcomes.customer_id,
        outcomes.as_of_date,
        outcomes.outcome_key as tag_key,
        outcomes.tag_layer,
        labels.name_en,
        labels.name_zh
    from outcomes
    inner join labels
        on outcomes.outcome_key = labels.outcome_key
)

select * from final
