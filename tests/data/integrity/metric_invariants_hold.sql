-- Fails if a row of metric_invariants.csv is not true of a customer at a date; one row per invariant.
{{ config(meta={'finding_column': 'finding'}) }}
{% set numbers = metric_columns('first_stage').number %}
{% set seed = ref('metric_invariants') %}
{% set invariants = run_query('select * from ' ~ seed).rows if execute and load_relation(seed) else [] %}
{% set templates = {
    'is_null': '{metric} is null', 'is_not_null': '{metric} is not null',
    'whole': '{metric} = round({metric}, 0)', 'not above': '{metric} <= {value}',
} %}
{% set compared = "{metric} {operator} '{value}'" %}
with history as (
    select *
    from {{ ref('customer_metrics_history') }}
    inner join {{ ref('int_segmentation__first_matches_history') }} using (customer_id, as_of_date)
),

inputs as (
    select
        history.*,
        health.health_score,
        health.score_confidence,
        case
            when history.customer_type = 'consumer'
                then {{ metric_value('policy.consumer_value_metric', 'history', numbers) }}
            else {{ metric_value('policy.value_metric', 'history', numbers) }}
        end as value_metric
    from history
    cross join {{ ref('int_policy__current') }} as policy
    left join {{ ref('int_segmentation__health') }} as health
        on history.customer_id = health.customer_id
            and history.as_of_date = health.as_of_date
),

-- A comparison leaves open whether the value is known.
broken as (
    {% for row in invariants -%}
    {% set condition = compared.format(
        metric=row.when_metric, operator=row.when_operator, value=row.when_value
    ) if row.when_metric else 'true' -%}
    {% set statement = templates.get(row.operator, compared).format(
        metric=row.metric, operator=row.operator, value=row.value
    ) -%}
    select
        {{ dbt.string_literal(dbt.escape_single_quotes(condition ~ ' => ' ~ statement)) }} as key,
        count(*) as row_count,
        min(customer_id) as customer_id
    from inputs
    where {{ condition }} and not ({{ statement }})
    union all
    {% endfor -%}
    select
        '' as key,
        0 as row_count,
        customer_id
    from inputs
    where false
)

select
    'seeds/policy/' || 'metric_invariants.csv, row ' || key || ': not true of '
    || cast(row_count as varchar) || ' customers and dates, such as customer ' || customer_id
        as finding
from broken
where row_count > 0

union all

select
    'seeds/policy/' || 'metric_invariants.csv: not every row is asked of the customers'
        as finding
from {{ seed }}
having count(*) <> {{ invariants | length }}
