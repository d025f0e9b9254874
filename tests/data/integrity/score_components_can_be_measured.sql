-- Fails if a component of the health or difficulty score names no number, or a policy has none.
{{ config(meta={'finding_column': 'finding'}) }}
{% set seeds = ['health_components', 'difficulty_components'] %}
with components as (
    {% for seed in seeds -%}
    select
        '{{ seed }}' as seed,
        policy_key,
        customer_type,
        component,
        metric
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbers as (
    {% for metric in metric_columns('customer').number -%}
    select '{{ metric }}' as metric
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

metrics as (
    select * from {{ ref('metrics') }}
),

expected as (
    select
        seeds.seed,
        policies.policy_key,
        labels.outcome_key as customer_type
    from {{ ref('policies') }} as policies
    cross join {{ ref('labels') }} as labels
    cross join (
        {% for seed in seeds -%}
        select '{{ seed }}' as seed
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as seeds
    where labels.kind = 'customer_type'
),

problems as (
    select
        components.seed,
        components.policy_key || '/' || components.customer_type || '/' || components.component
            as key,
        case
            when numbers.metric is null
                then 'the metric ' || coalesce(components.metric, '')
                    || ' is no number of customer_metrics'
            when metrics.applies_to not in ('any', components.customer_type)
                then 'the metric ' || components.metric || ' applies to '
                    || metrics.applies_to || ' only'
        end as message
    from components
    left join numbers
        on components.metric = numbers.metric
    left join metrics
        on components.metric = metrics.metric

    union all

    select
        expected.seed,
        expected.policy_key || '/' || expected.customer_type as key,
        case when count(components.component) = 0 then 'must have a component' end as message
    from expected
    left join components
        on expected.seed = components.seed
            and expected.policy_key = components.policy_key
            and expected.customer_type = components.customer_type
    group by expected.seed, expected.policy_key, expected.customer_type
)

select 'seeds/policy/' || seed || '.csv, row ' || key || ': ' || message as finding
from problems
where message is not null
