-- Fails if a rule has no condition or label, or a set of rules leaves open which of two decides.
{% set first_match_sets = "('lifecycle', 'tier', 'matrix', 'health_band')" %}
with rules as (
    select
        *,
        case when rule_set = 'lifecycle' then 'lifecycle_stage' else rule_set end as label_kind
    from {{ seed_rows(ref('rules')) }}
),

labels as (
    select * from {{ ref('labels') }}
),

rule_rows as (
    select
        rules.*,
        exists (
            select 1 from {{ ref('rule_conditions') }} as conditions
            where conditions.policy_key = rules.policy_key
                and conditions.rule_key = rules.rule_key
        ) as has_conditions,
        exists (
            select 1 from labels
            where labels.kind = rules.label_kind and labels.outcome_key = rules.outcome_key
        ) as has_label,
        rule_set in (
            'lifecycle', 'tier', 'matrix', 'health_band', 'tag', 'audience'
        ) as is_of_a_set
    from rules
),

-- Two rules of one set for the same customers, the one that is read first as `first_*`.
pairs as (
    select
        rules.*,
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
            and (first_rules.priority, first_rules.rule_key, first_rules.line)
            < (rules.priority, rules.rule_key, rules.line)
),

needed_sets as (
    select
        policies.policy_key,
        policies.line,
        types.outcome_key as customer_type,
        sets.rule_set
    from {{ seed_rows(ref('policies')) }} as policies
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
),

problems as (
    select
        line,
        policy_key,
        rule_key,
        case aspects.aspect
            when 'conditions' then case when not has_conditions then 'no_conditions' end
            when 'label' then case when is_of_a_set and not has_label then 'labels' end
            when 'layer' then case
                when rule_set = 'tag' and tag_layer is null then 'tag_layer.missing'
                when rule_set = 'tag'
                    and tag_layer not in ('attribute', 'behaviour', 'predicted', 'dynamic')
                    then 'tag_layer.unknown'
                when rule_set <> 'tag' and tag_layer is not null then 'tag_layer.needless'
            end
        end as problem,
        case aspects.aspect when 'label' then outcome_key else tag_layer end as value,
        case aspects.aspect when 'label' then label_kind else rule_set end as other,
        null as other_line
    from rule_rows
    cross join (values ('conditions'), ('label'), ('layer')) as aspects (aspect)

    union all

    select line, policy_key, rule_key, 'priority', cast(priority as varchar), first_key, first_line
    from pairs
    where has_equal_priority

    union all

    select line, policy_key, rule_key, 'same_outcome', outcome_key, first_key, first_line
    from pairs
    where has_equal_outcome
)

select
    'rules' as seed,
    line,
    policy_key,
    policy_key || '/' || rule_key as subject,
    problem,
    value,
    other,
    other_line
from problems
where problem is not null

union all

select
    case when rule_line is null then 'policies' else 'rules' end as seed,
    coalesce(rule_line, policy_line) as line,
    policy_key,
    policy_key || '/' || rule_set as subject,
    'missing_set' as problem,
    rule_set as value,
    customer_type as other,
    null as other_line
from missing_sets
