-- one row per customer with a component of the health score, at the current as_of_date
with components as (
    select * from {{ ref('int_segmentation__health_components') }}
),

totals as (
    select
        customer_id,
        as_of_date,
        count(*) as component_count,
        count(component_score) as known_component_count,
        sum(weight) as total_weight,
        sum(case when component_score is not null then weight else 0 end) as known_weight,
        sum(weight * component_score) as weighted_score
    from components
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        cast(
            round(cast(weighted_score as double) / nullif(cast(known_weight as double), 0), 1)
            as decimal(4, 1)
        ) as health_score,
        cast(known_weight as double) / cast(total_weight as double) as score_confidence,
        component_count,
        known_component_count
    from totals
)

select * from final
