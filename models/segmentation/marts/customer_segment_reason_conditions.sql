-- one row per customer, rule that decided and condition of that rule, at the current as_of_date
{% set columns = metric_columns('first_stage') %}
with outcomes as (
    select * from {{ ref('int_segmentation__outcomes') }}
),

inputs as (
    select * from {{ ref('int_segmentation__rule_inputs_history') }} where is_current
),

stages as (
    select * from {{ ref('int_segmentation__first_matches_history') }}
),

health as (
    select * from {{ ref('int_segmentation__health') }}
),

conditions as (
    select * from {{ ref('int_rules__conditions') }}
),

metrics as (
    select * from {{ ref('metrics') }}
),

measured as (
    select
        outcomes.customer_id,
        outcomes.as_of_date,
        outcomes.rule_set,
        outcomes.outcome_key,
        outcomes.rule_key,
        conditions.condition_group,
        conditions.metric,
        conditions.operator,
        conditions.value,
        conditions.threshold,
        coalesce(
            {{ metric_value('conditions.metric', 'inputs', columns.number) }},
            {{ metric_value('conditions.metric', 'health', ['health_score', 'score_confidence']) }}
        ) as metric_number,
        coalesce(
            {{ metric_value('conditions.metric', 'inputs', columns.text, 'varchar') }},
            {{ metric_value(
                'conditions.metric', 'stages', ['tier_key', 'lifecycle_stage_key', 'matrix_key'],
                'varchar'
            ) }}
        ) as metric_text
    from outcomes
    inner join inputs
        on outcomes.customer_id = inputs.customer_id
    left join stages
        on outcomes.customer_id = stages.customer_id
            and outcomes.as_of_date = stages.as_of_date
    left join health
        on outcomes.customer_id = health.customer_id
    inner join conditions
        on outcomes.rule_set = conditions.rule_set
            and outcomes.rule_key = conditions.rule_key
            and inputs.customer_type = conditions.customer_type
),

final as (
    select
        measured.customer_id,
        measured.as_of_date,
        measured.rule_set,
        measured.outcome_key,
        measured.rule_key,
        measured.condition_group,
        measured.metric,
        metrics.name_en as metric_name_en,
        metrics.name_zh as metric_name_zh,
        metrics.unit,
        measured.operator,
        measured.value as threshold_value,
        measured.metric_number,
        measured.metric_text,
        coalesce({{ condition_holds() }}, false) as is_met
    from measured
    inner join metrics
        on measured.metric = metrics.metric
)

select * from final
