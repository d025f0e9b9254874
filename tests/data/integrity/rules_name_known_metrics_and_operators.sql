-- Fails if a row of the policy seeds cannot be judged as it is written; one row per problem.
{{ config(meta={'finding_column': 'finding'}) }}
{% set number_operators = "('<', '<=', '>', '>=')" %}
{% set labelled_metrics -%}
    ('tier_key', 'lifecycle_stage_key', 'matrix_key', 'rfm_segment_key', 'rfm_group_key', 'customer_type')
{%- endset %}
{% set first_stage = metric_columns('first_stage') %}
{% set every_stage = metric_columns('second_stage') %}
{% set second_stage_metrics = (every_stage.text + every_stage.number)
    | reject('in', first_stage.text + first_stage.number) | list %}
{% set null_operators = "('is_null', 'is_not_null')" %}
with rules as (
    select
        *,
        policy_key || '/' || rule_key as rule_path,
        case when rule_set = 'lifecycle' then 'lifecycle_stage' else rule_set end as label_kind
    from {{ ref('rules') }}
),

conditions as (
    select
        policy_key || '/' || rule_key as rule_path,
        metric,
        operator,
        value,
        policy_key || '/' || value as named_path,
        {{ dbt.safe_cast('value', 'double') }} as threshold,
        policy_key || '/' || rule_key || '/' || condition_group || ': '
        || coalesce(metric, '') || ' ' || coalesce(operator, '') || ' ' || coalesce(value, '')
            as key
    from {{ ref('rule_conditions') }}
),

metrics as (
    select * from {{ ref('metrics') }}
),

labels as (
    select * from {{ ref('labels') }}
),

-- What a condition may name in place of a number: a tier rule with one number for the metric.
tier_thresholds as (
    select
        rules.rule_path,
        conditions.metric
    from rules
    inner join conditions
        on rules.rule_path = conditions.rule_path
    where rules.rule_set = 'tier' and conditions.threshold is not null
    group by rules.rule_path, conditions.metric
    having count(distinct conditions.value) = 1
),

condition_rows as (
    select
        conditions.*,
        tier_thresholds.rule_path as tier_path,
        metrics.value_type,
        rules.rule_set,
        labels.outcome_key as label_key
    from conditions
    left join metrics
        on conditions.metric = metrics.metric
    left join rules
        on conditions.rule_path = rules.rule_path
    left join labels
        on conditions.metric in (labels.kind, labels.kind || '_key')
            and conditions.value = labels.outcome_key
    left join tier_thresholds
        on conditions.named_path = tier_thresholds.rule_path
            and conditions.metric = tier_thresholds.metric
),

problems as (
    select
        'rule_conditions.csv' as file,
        key,
        case
            when rule_set is null then 'the rule is not in rules.csv'
            when value_type is null then 'the metric is not in metrics.csv'
            when rule_set in ('lifecycle', 'tier', 'matrix')
                and metric in ('{{ second_stage_metrics | join("', '") }}')
                then rule_set || ' rules cannot use {{ second_stage_metrics | join(", ") }}'
            when operator is null
                or operator not in ('=', '!=', '<', '<=', '>', '>=', 'in', 'is_null', 'is_not_null')
                then 'the operator must be one of = != < <= > >= in is_null is_not_null'
            when operator in {{ null_operators }} then null
            when value is null then 'the value is missing'
            when value_type = 'text' and operator in {{ number_operators }}
                then 'the metric is a word: use = != in is_null or is_not_null'
            when value_type = 'number' and operator = 'in'
                then 'the metric is a number: write one condition group per value instead of in'
            when value_type = 'number' and threshold is null and tier_path is null
                then 'the value must be a number or a tier rule that compares the metric with one'
            when operator in ('=', '!=') and label_key is null
                and metric in {{ labelled_metrics }}
                then 'the value is not in labels.csv'
        end as message
    from condition_rows

    union all

    select
        'rules.csv' as file,
        rules.rule_path as key,
        case
            when count(conditions.rule_path) = 0 then 'the rule has no row in rule_conditions.csv'
            when count(labels.outcome_key) = 0 then 'the outcome is not in labels.csv'
            when min(rules.rule_set) = 'tag'
                and coalesce(min(rules.tag_layer), '')
                not in ('attribute', 'behaviour', 'predicted', 'dynamic')
                then 'tag_layer must be attribute, behaviour, predicted or dynamic'
        end as message
    from rules
    left join conditions
        on rules.rule_path = conditions.rule_path
    left join labels
        on rules.outcome_key = labels.outcome_key
            and rules.label_kind = labels.kind
    group by rules.rule_path

    union all

    select
        'rules.csv' as file,
        rules.rule_path as key,
        'has the same priority as ' || others.rule_key || ', so it is unclear which comes first'
            as message
    from rules
    inner join rules as others
        on rules.policy_key = others.policy_key
            and rules.rule_set = others.rule_set
            and rules.priority = others.priority
            and rules.rule_key <> others.rule_key
            and (
                rules.customer_type = others.customer_type
                or 'any' in (rules.customer_type, others.customer_type)
            )
    where rules.rule_set in ('lifecycle', 'tier', 'matrix', 'health_band')

    union all

    select
        'policies.csv' as file,
        '{{ var("segmentation_policy") }}' as key,
        case when count(*) = 0 then 'var segmentation_policy names no policy' end as message
    from {{ ref('policies') }}
    where policy_key = '{{ var("segmentation_policy") }}'
)

select 'seeds/policy/' || file || ', row ' || key || ': ' || message as finding
from problems
where message is not null
