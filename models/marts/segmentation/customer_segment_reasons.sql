-- one row per customer, rule set and outcome, at the current as_of_date
with conditions as (
    select * from {{ ref('customer_segment_reason_conditions') }}
),

labels as (
    select * from {{ ref('labels') }}
),

-- The first group of conditions that holds is the reason given.
groups as (
    select
        customer_id,
        rule_set,
        rule_key,
        condition_group,
        row_number() over (
            partition by customer_id, rule_set, rule_key order by condition_group
        ) as group_rank
    from conditions
    group by customer_id, rule_set, rule_key, condition_group
    having min(case when is_met then 1 else 0 end) = 1
),

phrases as (
    select
        conditions.customer_id,
        conditions.as_of_date,
        conditions.rule_set,
        conditions.outcome_key,
        conditions.rule_key,
        conditions.metric,
        conditions.metric_name_en,
        conditions.metric_name_zh,
        coalesce(
            conditions.metric_text,
            {{ number_text('conditions.metric_number') }},
            'unknown'
        ) || ' (' || conditions.operator || coalesce(' ' || conditions.threshold_value, '') || ')'
            as comparison
    from conditions
    inner join groups
        on conditions.customer_id = groups.customer_id
            and conditions.rule_set = groups.rule_set
            and conditions.rule_key = groups.rule_key
            and conditions.condition_group = groups.condition_group
            and groups.group_rank = 1
),

sentences as (
    select
        customer_id,
        as_of_date,
        rule_set,
        outcome_key,
        rule_key,
        {{ dbt.listagg(
            "metric_name_en || ' ' || comparison", "' and '", 'order by metric, comparison'
        ) }} as conditions_en,
        {{ dbt.listagg(
            "metric_name_zh || ' ' || comparison", "'，'", 'order by metric, comparison'
        ) }} as conditions_zh
    from phrases
    group by customer_id, as_of_date, rule_set, outcome_key, rule_key
),

final as (
    select
        sentences.customer_id,
        sentences.as_of_date,
        sentences.rule_set,
        sentences.outcome_key,
        sentences.rule_key,
        labels.name_en || ': ' || sentences.conditions_en as reason_en,
        labels.name_zh || '：' || sentences.conditions_zh as reason_zh
    from sentences
    inner join labels
        on sentences.outcome_key = labels.outcome_key
            and case when sentences.rule_set = 'lifecycle' then 'lifecycle_stage' else sentences.rule_set end
            = labels.kind
)

select * from final
