-- one row per customer, rule that decided and condition of that rule, at the current as_of_date
{% set columns = metric_columns('second_stage') %}
with outcomes as (
    select * from {{ ref('int_segmentation__outcomes') }}
),

inputs as (
    select *
    from {{ ref('customer_metrics_history') }}
    inner join {{ ref('int_segmentation__first_matches_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_segmentation__health') }} using (customer_id, as_of_date)
    where is_current
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
        {{ metric_value('conditions.metric', 'inputs', columns.number) }} as metric_number,
        {{ metric_value('conditions.metric', 'inputs', columns.text, 'varchar') }} as metric_text
    from outcomes
    inner join inputs
        on outcomes.customer_id = inputs.customer_id
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
