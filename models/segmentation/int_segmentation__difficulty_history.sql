-- one row per customer of which any component is known per as_of_date
with metrics as (
    select * from {{ ref('customer_metrics_history') }}
),

components as (
    select components.*
    from {{ ref('difficulty_components') }} as components
    inner join {{ ref('int_policy__current') }} as policy
        on components.policy_key = policy.policy_key
),

scored as (
    {{ component_scores('metrics', 'components', 'easy_value', 'hard_value') }}
),

final as (
    select
        customer_id,
        as_of_date,
        cast(
            round(cast(sum(weight * component_score) as double) / cast(sum(weight) as double), 1)
            as decimal(4, 1)
        ) as difficulty_score
    from scored
    where component_score is not null
    group by customer_id, as_of_date
)

select * from final
