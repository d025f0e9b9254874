-- one row per customer and component of the health score, at the current as_of_date
with components as (
    select * from {{ ref('int_segmentation__health_components') }}
),

metrics as (
    select * from {{ ref('metrics') }}
),

known_weights as (
    select
        customer_id,
        sum(weight) as known_weight
    from components
    where component_score is not null
    group by customer_id
),

final as (
    select
        components.customer_id,
        components.as_of_date,
        components.component,
        components.metric,
        metrics.name_en as metric_name_en,
        metrics.name_zh as metric_name_zh,
        components.metric_number,
        components.worst_value,
        components.best_value,
        components.weight,
        case
            when components.component_score is not null
                then cast(components.weight as double) / cast(known_weights.known_weight as double)
        end as weight_share_rate,
        components.component_score
    from components
    inner join metrics
        on components.metric = metrics.metric
    left join known_weights
        on components.customer_id = known_weights.customer_id
)

select * from final
