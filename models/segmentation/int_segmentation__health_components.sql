-- one row per customer and component of the health score, at the current as_of_date
with metrics as (
    select * from {{ ref('customer_metrics_history') }} where is_current
),

components as (
    select components.*
    from {{ ref('health_components') }} as components
    inner join {{ ref('int_policy__current') }} as policy
        on components.policy_key = policy.policy_key
),

scored as (
    {{ component_scores('metrics', 'components', 'worst_value', 'best_value') }}
)

select * from scored
