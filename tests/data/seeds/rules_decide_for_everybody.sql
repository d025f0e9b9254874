-- Fails if a rule has no condition or label, or a set of rules leaves open which of two decides.
{% set first_match_sets = "('lifecycle', 'tier', 'matrix', 'health_band')" %}
with rules as (
    select
        *,
        case when rule_set = 'lifecycle' then 'lifecycle_stage' else rule_set end as label_kind
    from {{ engine('seed_rows', ref('rules')) }}
),

labels as (
    select * from {{ ref('labels') }}
),

rule_rows as (
    select
        rules.line,
        rules.policy_key,
        rules.rule_set,
        rules.outcome_key,
        rules.label_kind,
        rules.tag_layer,
        rules.policy_key || '/' || rules.rule_key as subject,
        count(conditions.rule_key) > 0 as has_conditions,
        count(labels.outcome_key) > 0 as has_label
    from rules
    left join {{ ref('rule_conditions') }} as conditions
        on rules.policy_key = conditions.policy_key
            and rules.rule_key = conditions.rule_key
    left join labels
        on rules.label_kind = labels.kind
            and rules.outcome_key = labels.outcome_key
    group by all
),

-- Two rules of one set for the same customers, the one that is read first as `first_*`.
pairs as (
    select
        rules.*,
        rules.policy_key || '/' || rules.rule_key as subject,
        first_rules.rule_key as first_key,
        first_rules.line as first_line,
        rules.priority = first_rules.priority as has_equal_priority,
        rules.outcome_key = first_rules.outcome_key
            and rules.rule_set not in {{ first_match_sets }} as has_equal_outcome
    from rules
    inner join rules as first_rules
        on rules.policy_key = first_rules.policy_key
            and rules.rule_set = first_rules.rule_set
            and (
                rules.customer_type = first_rules.customer_type
                or 'any' in (rules.customer_type, first_rules.customer_type)
            )
            and (
                rules.priority > first_rules.priority
                or (rules.priority = first_rules.priority and rules.rule_key > first_rules.rule_key)
                or (
                    rules.priority = first_rules.priority
                    and rules.rule_key = first_rules.rule_key
                    and rules.line > first_rules.line
                )
            )
),

needed_sets as (
    select
        policies.policy_key,
        policies.line,
        types.outcome_key as customer_type,
        sets.rule_set
    from {{ engine('seed_rows', ref('policies')) }} as policies
    inner join labels as types
        on types.kind = 'customer_type'
    cross join (
        values ('lifecycle'), ('tier'), ('matrix'), ('health_band')
    ) as sets (rule_set)
),

missing_sets as (
    select
        needed_sets.policy_key,
        needed_sets.rule_set,
        needed_sets.customer_type,
        needed_sets.line as policy_line,
        max(rules.line) as rule_line
    from needed_sets
    left join rules
        on needed_sets.policy_key = rules.policy_key
            and needed_sets.rule_set = rules.rule_set
    group by
        needed_sets.policy_key,
        needed_sets.rule_set,
        needed_sets.customer_type,
        needed_sets.line
    having
        count(
            case when rules.customer_type in ('any', needed_sets.customer_type) then 1 end
        ) = 0
)

select {{ finding('rules', "'no_conditions'", 'subject') }}
from rule_rows
where not has_conditions

union all

select {{ finding('rules', "'labels'", 'subject', value='outcome_key', other='label_kind') }}
from rule_rows
where not has_label
    and rule_set in ('lifecycle', 'tier', 'matrix', 'health_band', 'tag', 'audience')

union all

select
    {{ finding(
        'rules',
        "case when rule_set <> 'tag' then 'tag_layer.needless' when tag_layer is null"
        ~ " then 'tag_layer.missing' else 'tag_layer.unknown' end",
        'subject', value='tag_layer', other='rule_set',
    ) }}
from rule_rows
where case
        when rule_set <> 'tag' then tag_layer is not null
        else coalesce(tag_layer, '')
            not in ('attribute', 'behaviour', 'predicted', 'dynamic')
    end

union all

select
    {{ finding(
        'rules', "'priority'", 'subject', value='priority', other='first_key',
        other_line='first_line',
    ) }}
from pairs
where has_equal_priority

union all

select
    {{ finding(
        'rules', "'same_outcome'", 'subject', value='outcome_key', other='first_key',
        other_line='first_line',
    ) }}
from pairs
where has_equal_outcome

{% for seed, line in [('rules', 'rule_line'), ('policies', 'policy_line')] %}
union all

select
    {{ finding(
        seed, "'missing_set'", "policy_key || '/' || rule_set", line=line, value='rule_set',
        other='customer_type',
    ) }}
from missing_sets
where rule_line is {{ 'not null' if seed == 'rules' else 'null' }}
{% endfor %}
