-- one row per customer and rule that decided something, at the current as_of_date
with inputs as (
    select * from {{ ref('int_segmentation__rule_inputs') }}
),

conditions as (
    select * from {{ ref('int_rules__conditions') }}
),

second_stage_conditions as (
    select * from conditions where rule_set in ('tag', 'audience')
),

fired as (
    {{ evaluate_rules(
        'inputs', 'second_stage_conditions', numeric_metrics(), text_metrics()
    ) }}
),

rules as (
    select
        rule_rank,
        rule_set,
        rule_key,
        outcome_key,
        tag_layer
    from conditions
    group by rule_rank, rule_set, rule_key, outcome_key, tag_layer
),

decided as (
    select
        customer_id,
        as_of_date,
        'tier' as rule_set,
        tier_rule_key as rule_key
    from inputs

    union all

    select
        customer_id,
        as_of_date,
        'lifecycle' as rule_set,
        lifecycle_rule_key as rule_key
    from inputs

    union all

    select
        fired.customer_id,
        fired.as_of_date,
        fired.rule_set,
        rules.rule_key
    from fired
    inner join rules
        on fired.rule_rank = rules.rule_rank
),

final as (
    select
        decided.customer_id,
        decided.as_of_date,
        decided.rule_set,
        decided.rule_key,
        rules.outcome_key,
        rules.tag_layer
    from decided
    inner join rules
        on decided.rule_set = rules.rule_set
            and decided.rule_key = rules.rule_key
)

select * from final
