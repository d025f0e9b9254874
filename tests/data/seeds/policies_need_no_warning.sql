-- Warns of what a policy could do better, unless lint_exceptions.csv accepts it with a reason, and of
-- an exception that is not needed any more.
{{ config(severity='warn') }}
{% set most_tags = 8 %}
{% set value_metrics =
    "('value_amount', 'higher_value_share_rate', 'value_percentile_rate', 'rfm_score')" %}
with labels as (
    select * from {{ engine('seed_rows', ref('labels')) }}
),

metrics as (
    select * from {{ engine('seed_rows', ref('metrics')) }}
),

rules as (
    select
        *,
        policy_key || '/' || rule_key as subject,
        case when rule_set = 'lifecycle' then 'lifecycle_stage' else rule_set end as label_kind
    from {{ engine('seed_rows', ref('rules')) }}
),

conditions as (
    select
        conditions.*,
        rules.subject,
        rules.rule_set,
        rules.customer_type,
        rules.priority,
        rules.label_kind,
        {{ dbt.safe_cast('conditions.value', 'double') }} as threshold
    from {{ engine('seed_rows', ref('rule_conditions')) }} as conditions
    inner join rules
        on conditions.policy_key = rules.policy_key
            and conditions.rule_key = rules.rule_key
),

playbooks as (
    select * from {{ engine('seed_rows', ref('playbooks')) }}
),

-- The number of a tier stands in the rule of the tier; other rules name that rule.
repeated as (
    select
        conditions.*,
        tiers.rule_key as tier_key,
        tiers.line as tier_line,
        row_number() over (
            partition by conditions.line order by tiers.priority, tiers.rule_key, tiers.line
        ) as place
    from conditions
    inner join conditions as tiers
        on conditions.policy_key = tiers.policy_key
            and conditions.metric = tiers.metric
            and conditions.threshold = tiers.threshold
            and tiers.rule_set = 'tier'
            and (
                conditions.customer_type = tiers.customer_type
                or 'any' in (conditions.customer_type, tiers.customer_type)
            )
            and (
                conditions.rule_set <> 'tier'
                or conditions.priority > tiers.priority
                or (conditions.priority = tiers.priority and conditions.rule_key > tiers.rule_key)
            )
    where conditions.metric in {{ value_metrics }} and conditions.threshold <> 0
),

tags as (
    select
        policy_key,
        outcome_key,
        min(line) as line,
        count(*) over (partition by policy_key) as tag_count,
        row_number() over (
            partition by policy_key order by min(priority), min(rule_key)
        ) as place
    from rules
    where rule_set = 'tag'
    group by policy_key, outcome_key
),

given_labels as (
    select
        label_kind as kind,
        outcome_key
    from rules
    {% for kind in ['rfm_segment', 'rfm_group'] %}
    union distinct
    select
        '{{ kind }}' as kind,
        {{ kind }}_key as outcome_key
    from {{ ref(kind ~ 's') }}
    union distinct
    select
        '{{ kind }}' as kind,
        'no_order' as outcome_key
    {% endfor %}
),

idle_people as (
    select
        playbooks.line,
        playbooks.playbook_key,
        playbooks.owner_role,
        types.outcome_key as customer_type
    from playbooks
    inner join labels as types
        on types.kind = 'customer_type'
    inner join {{ ref('owners') }} as owners
        on playbooks.owner_role = owners.owner_role
    group by playbooks.line, playbooks.playbook_key, playbooks.owner_role, types.outcome_key
    having
        count(
            case
                when owners.is_active and owners.customer_type in ('any', types.outcome_key)
                    then 1
            end
        ) = 0
),

-- Outcomes of the sets that must decide; a group of an audience may hold one unless it excludes it.
outcomes as (
    select
        policy_key,
        rule_set,
        outcome_key,
        label_kind || '_key' as metric,
        min(line) as line,
        min(priority) as priority
    from rules
    where rule_set in ('lifecycle', 'tier', 'matrix', 'health_band')
        and label_kind || '_key' in (select metrics.metric from metrics)
    group by policy_key, rule_set, label_kind, outcome_key
),

served_outcomes as (
    select
        outcomes.policy_key,
        outcomes.rule_set,
        outcomes.outcome_key
    from outcomes
    inner join conditions
        on outcomes.policy_key = conditions.policy_key
            and conditions.rule_set = 'audience'
            and conditions.rule_key in (select playbooks.audience_rule_key from playbooks)
    group by
        outcomes.policy_key, outcomes.rule_set, outcomes.outcome_key, conditions.rule_key,
        conditions.condition_group
    having
        count(
            case
                when conditions.metric <> outcomes.metric then null
                when conditions.operator = 'is_null' then 1
                when conditions.operator = '!=' and conditions.value = outcomes.outcome_key then 1
                when conditions.operator in ('=', 'in')
                    and '|' || conditions.value || '|' not like '%|' || outcomes.outcome_key || '|%'
                    then 1
            end
        ) = 0
),

acted_on as (
    select
        outcomes.policy_key,
        outcomes.rule_set,
        min(case when served.outcome_key is null then outcomes.line end) as line,
        string_agg(
            case when served.outcome_key is null then outcomes.outcome_key end, ', '
            order by outcomes.priority
        ) as idle,
        count(distinct outcomes.outcome_key) as outcome_count,
        count(distinct served.outcome_key) as served_count
    from outcomes
    left join served_outcomes as served
        on outcomes.policy_key = served.policy_key
            and outcomes.rule_set = served.rule_set
            and outcomes.outcome_key = served.outcome_key
    group by outcomes.policy_key, outcomes.rule_set
),

warnings as (
    select {{ finding('rule_conditions', "'history'", 'subject', value='metric') }}
    from conditions
    where rule_set in ('lifecycle', 'tier', 'matrix')
        and metric in (select metrics.metric from metrics where not metrics.is_as_of_safe)
        and metric not in ('health_score', 'score_confidence')  -- an error: they come later

    union all

    select
        {{ finding(
            'rule_conditions', "'repeated'", 'subject', value="value || ' of ' || metric",
            other='tier_key', other_line='tier_line',
        ) }}
    from repeated
    where place = 1

    union all

    select
        {{ finding(
            'rules', "'core_tags'", 'policy_key', value='tag_count', other=most_tags
        ) }}
    from tags
    where place = {{ most_tags + 1 }}

    union all

    select
        {{ finding(
            'labels', "'unreachable'", "labels.kind || '/' || labels.outcome_key",
            line='labels.line', policy='null', value='labels.kind',
        ) }}
    from labels
    left join given_labels
        on labels.kind = given_labels.kind
            and labels.outcome_key = given_labels.outcome_key
    where given_labels.kind is null
        and labels.kind in (
            'lifecycle_stage', 'tier', 'matrix', 'health_band', 'tag', 'audience', 'rfm_segment',
            'rfm_group'
        )

    union all

    select {{ finding('metrics', "'unit'", 'metric', policy='null', value='unit') }}
    from metrics
    where unit not in ('rate', 'key', 'base currency')
        and unit not in (select labels.outcome_key from labels where labels.kind = 'unit')

    union all

    select {{ finding('rules', "'audience.unused'", 'subject') }}
    from rules
    where rule_set = 'audience'
        and rule_key not in (select playbooks.audience_rule_key from playbooks)

    union all

    select
        {{ finding(
            'playbooks', "'owners'", 'playbook_key', policy='null', value='owner_role',
            other='customer_type',
        ) }}
    from idle_people

    union all

    select
        {{ finding(
            'rules', "'more_outcomes'", "policy_key || '/' || rule_set", value='idle',
            other='outcome_count', further='served_count',
        ) }}
    from acted_on
    where idle is not null
),

checked_exceptions as (
    select
        exceptions.line,
        exceptions.check_key,
        exceptions.subject,
        policies.policy_key,
        count(warnings.subject) > 0 as is_needed
    from {{ engine('seed_rows', ref('lint_exceptions')) }} as exceptions
    left join warnings
        on exceptions.check_key = split_part(warnings.problem, '.', 1)
            and exceptions.subject = warnings.subject
    left join {{ ref('policies') }} as policies
        on split_part(exceptions.subject, '/', 1) = policies.policy_key
    group by exceptions.line, exceptions.check_key, exceptions.subject, policies.policy_key
)

select warnings.*
from warnings
left join checked_exceptions as exceptions
    on split_part(warnings.problem, '.', 1) = exceptions.check_key
        and warnings.subject = exceptions.subject
where exceptions.check_key is null

union all

select {{ finding('lint_exceptions', "'exceptions'", 'subject', value='check_key') }}
from checked_exceptions
where not is_needed
