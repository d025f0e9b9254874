-- Fails if a tier is not cut below the tier that labels.csv lists above it. Looks at tiers of one
-- condition; two are compared if they cut the same metric on the same side, for the same customers.
with labels as (
    select
        outcome_key,
        min(line) as label_line
    from {{ engine('seed_rows', ref('labels')) }}
    where kind = 'tier'
    group by outcome_key
),

tier_rows as (
    select
        rules.policy_key,
        rules.rule_key,
        rules.customer_type,
        rules.outcome_key,
        min(labels.label_line) as label_line,
        min(conditions.line) as line,
        min(conditions.metric) as metric,
        min(conditions.operator) as operator,
        min(conditions.value) as value
    from {{ ref('rules') }} as rules
    inner join labels
        on rules.outcome_key = labels.outcome_key
    inner join {{ engine('seed_rows', ref('rule_conditions')) }} as conditions
        on rules.policy_key = conditions.policy_key
            and rules.rule_key = conditions.rule_key
    where rules.rule_set = 'tier'
    group by rules.policy_key, rules.rule_key, rules.customer_type, rules.outcome_key
    having count(*) = 1
),

-- A cell may name another tier rule in place of its number.
cuts as (
    select
        tier_rows.*,
        coalesce(named.value, tier_rows.value) as shown,
        {{ dbt.safe_cast('coalesce(named.value, tier_rows.value)', 'double') }} as threshold,
        tier_rows.operator in ('>', '>=') as is_floor
    from tier_rows
    left join tier_rows as named
        on tier_rows.policy_key = named.policy_key
            and tier_rows.value = named.rule_key
            and tier_rows.metric = named.metric
    where tier_rows.operator in ('<', '<=', '>', '>=')
)

select
    {{ finding(
        'rule_conditions',
        "case when low_tier.is_floor then 'thresholds.floor' else 'thresholds.ceiling' end",
        "low_tier.policy_key || '/' || low_tier.rule_key", line='low_tier.line',
        policy='low_tier.policy_key', value='low_tier.shown', other='high_tier.outcome_key',
        other_line='high_tier.line',
    ) }},
    low_tier.outcome_key as outcome,
    high_tier.shown as other_value
from cuts as low_tier
inner join cuts as high_tier
    on low_tier.policy_key = high_tier.policy_key
        and low_tier.metric = high_tier.metric
        and low_tier.is_floor = high_tier.is_floor
        and low_tier.label_line > high_tier.label_line
        and (
            low_tier.customer_type = high_tier.customer_type
            or 'any' in (low_tier.customer_type, high_tier.customer_type)
        )
where (low_tier.is_floor and high_tier.threshold <= low_tier.threshold)
    or (not low_tier.is_floor and high_tier.threshold >= low_tier.threshold)
