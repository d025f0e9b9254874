-- one row per customer and rule that decided something, at the current as_of_date
with inputs as (
    select *
    from {{ ref('customer_metrics_history') }}
    inner join {{ ref('int_segmentation__first_matches_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_segmentation__health') }} using (customer_id, as_of_date)
    where is_current
),

conditions as (
    select * from {{ ref('int_rules__conditions') }}
),

second_stage_conditions as (
    select * from conditions where rule_set in ('health_band', 'tag', 'audience')
),

fired as (
    {{ evaluate_rules('inputs', 'second_stage_conditions', metric_columns('second_stage')) }}
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

-- Of the health bands the first that fires counts, of tags and audiences every one.
fired_rules as (
    select
        fired.customer_id,
        fired.as_of_date,
        fired.rule_set,
        rules.rule_key,
        row_number() over (
            partition by fired.customer_id, fired.rule_set order by fired.rule_rank
        ) as match_rank
    from fired
    inner join rules
        on fired.rule_rank = rules.rule_rank
),

decided as (
    {% for rule_set in ['tier', 'lifecycle', 'matrix'] -%}
    select
        customer_id,
        as_of_date,
        '{{ rule_set }}' as rule_set,
        {{ rule_set }}_rule_key as rule_key
    from inputs

    union all

    {% endfor -%}
    select
        customer_id,
        as_of_date,
        rule_set,
        rule_key
    from fired_rules
    where rule_set <> 'health_band' or match_rank = 1
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
