-- one row per customer and component of the health score, at the current as_of_date
with metrics as (
    select * from {{ ref('customer_metrics') }}
),

components as (
    select components.*
    from {{ ref('health_components') }} as components
    inner join {{ ref('int_policy__current') }} as policy
        on components.policy_key = policy.policy_key
),

measured as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        components.component,
        components.metric,
        components.weight,
        components.worst_value,
        components.best_value,
        {{ metric_value('components.metric', 'metrics', activity_metrics()) }} as metric_number
    from metrics
    inner join components
        on metrics.customer_type = components.customer_type
),

scored as (
    select
        *,
        {{ linear_score('metric_number', 'worst_value', 'best_value') }} as component_score
    from measured
)

select * from scored
