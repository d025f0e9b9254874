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

measured as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        components.weight,
        components.easy_value,
        components.hard_value,
        {{ metric_value('components.metric', 'metrics', activity_metrics()) }} as metric_number
    from metrics
    inner join components
        on metrics.customer_type = components.customer_type
),

scored as (
    select
        customer_id,
        as_of_date,
        weight,
        {{ linear_score('metric_number', 'easy_value', 'hard_value') }} as component_score
    from measured
    where metric_number is not null
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
    group by customer_id, as_of_date
)

select * from final
