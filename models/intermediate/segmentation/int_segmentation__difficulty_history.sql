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
        placed.weight,
        placed.easy_value,
        placed.hard_value,
        {{ array_item('measured.numbers', 'placed.number_position') }} as metric_number
    from measured
    inner join placed
        on measured.customer_type = placed.customer_type
),

scored as (
    select
        customer_id,
        as_of_date,
        weight,
        {{ linear_score('metric_number', 'easy_value', 'hard_value') }} as component_score
    from looked_up
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
