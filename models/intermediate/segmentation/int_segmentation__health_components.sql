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
        metrics.customer_type,
        {{ metric_array('metrics', activity_metrics()) }} as numbers
    from metrics
),

placed as (
    select
        *,
        {{ metric_position('metric', activity_metrics()) }} as number_position
    from components
),

looked_up as (
    select
        measured.customer_id,
        measured.as_of_date,
        placed.component,
        placed.metric,
        placed.weight,
        placed.worst_value,
        placed.best_value,
        {{ array_item('measured.numbers', 'placed.number_position') }} as metric_number
    from measured
    inner join placed
        on measured.customer_type = placed.customer_type
),

scored as (
    select
        *,
        {{ linear_score('metric_number', 'worst_value', 'best_value') }} as component_score
    from looked_up
)

select * from scored
