-- Fails if a label has no reason, or none of its rule's groups of conditions is met.
with given_labels as (
    select
        customer_id,
        'tier' as rule_set,
        tier_key as outcome_key
    from {{ ref('customer_segments') }}

    union all

    select
        customer_id,
        'lifecycle' as rule_set,
        lifecycle_stage_key as outcome_key
    from {{ ref('customer_segments') }}

    union all

    select
        customer_id,
        'matrix' as rule_set,
        matrix_key as outcome_key
    from {{ ref('customer_segments') }}

    union all

    select
        customer_id,
        'health_band' as rule_set,
        health_band_key as outcome_key
    from {{ ref('customer_segments') }}

    union all

    select
        customer_id,
        'tag' as rule_set,
        tag_key as outcome_key
    from {{ ref('customer_tags') }}
),

reasons as (
    select
        customer_id,
        rule_set,
        outcome_key,
        rule_key
    from {{ ref('customer_segment_reasons') }}
    where reason_en is not null and reason_zh is not null
),

met_groups as (
    select
        customer_id,
        rule_set,
        outcome_key,
        rule_key,
        condition_group
    from {{ ref('customer_segment_reason_conditions') }}
    group by customer_id, rule_set, outcome_key, rule_key, condition_group
    having sum(case when is_met then 0 else 1 end) = 0
),

explained as (
    select
        reasons.customer_id,
        reasons.rule_set,
        reasons.outcome_key
    from reasons
    inner join met_groups
        on reasons.customer_id = met_groups.customer_id
            and reasons.rule_set = met_groups.rule_set
            and reasons.outcome_key = met_groups.outcome_key
            and reasons.rule_key = met_groups.rule_key
    group by reasons.customer_id, reasons.rule_set, reasons.outcome_key
)

select
    given_labels.customer_id,
    given_labels.rule_set,
    given_labels.outcome_key
from given_labels
left join explained
    on given_labels.customer_id = explained.customer_id
        and given_labels.rule_set = explained.rule_set
        and given_labels.outcome_key = explained.outcome_key
where explained.customer_id is null
