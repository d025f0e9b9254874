-- Warns of what a policy could do better, unless lint_exceptions.csv accepts it with a reason, and of
-- an exception that is not needed any more.
{{ config(severity='warn') }}
{% set most_tags = 8 %}
{% set value_metrics =
    "('value_amount', 'higher_value_share_rate', 'value_percentile_rate', 'rfm_score')" %}
with labels as (
    select * from {{ seed_rows(ref('labels')) }}
),

metrics as (
    select * from {{ seed_rows(ref('metrics')) }}
),

rules as (
    select
        *,
        policy_key || '/' || rule_key as subject,
        case when rule_set = 'lifecycle' then 'lifecycle_stage' else rule_set end as label_kind
    from {{ seed_rows(ref('rules')) }}
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
    from {{ seed_rows(ref('rule_conditions')) }} as conditions
    inner join rules
        on conditions.policy_key = rules.policy_key
            and conditions.rule_key = rules.rule_key
),

playbooks as (
    select * from {{ seed_rows(ref('playbooks')) }}
),

history as (
    select
        'rule_conditions' as seed, line, policy_key, subject, 'history' as problem,
        metric as value, null as other, null as other_line
    from conditions
    where rule_set in ('lifecycle', 'tier', 'matrix')
        and metric in (select metric from metrics where not is_as_of_safe)
        -- These may not be used at all.
        and metric not in ('health_score', 'score_confidence')
),

-- The number of a tier stands in the rule of the tier; other rules name that rule.
repeated as (
    select
        'rule_conditions' as seed, conditions.line, conditions.policy_key, conditions.subject,
        'repeated' as problem, conditions.value || ' of ' || conditions.metric as value,
        tiers.rule_key as other, tiers.line as other_line,
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
                or (tiers.priority, tiers.rule_key) < (conditions.priority, conditions.rule_key)
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
    select label_kind as kind, outcome_key from rules
    union
    select 'rfm_segment' as kind, rfm_segment_key as outcome_key from {{ ref('rfm_segments') }}
    union
    select 'rfm_group' as kind, rfm_group_key as outcome_key from {{ ref('rfm_groups') }}
    union
    select kind, outcome_key
    from labels where kind in ('rfm_segment', 'rfm_group') and outcome_key = 'no_order'
),

idle_people as (
    select playbooks.line, playbooks.playbook_key, playbooks.owner_role, types.outcome_key
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
        policy_key, rule_set, label_kind || '_key' as metric, outcome_key, min(line) as line,
        min(priority) as priority
    from rules
    where rule_set in ('lifecycle', 'tier', 'matrix', 'health_band')
        and label_kind || '_key' in (select metric from metrics)
    group by policy_key, rule_set, label_kind, outcome_key
),

served_outcomes as (
    select distinct outcomes.policy_key, outcomes.rule_set, outcomes.outcome_key
    from outcomes
    inner join conditions
        on outcomes.policy_key = conditions.policy_key
            and conditions.rule_set = 'audience'
            and conditions.rule_key in (select audience_rule_key from playbooks)
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
        count(*) as outcome_count,
        count(served.outcome_key) as served_count
    from outcomes
    left join served_outcomes as served
        on outcomes.policy_key = served.policy_key
            and outcomes.rule_set = served.rule_set
            and outcomes.outcome_key = served.outcome_key
    group by outcomes.policy_key, outcomes.rule_set
),

warnings as (
    select * from history

    union all

    select seed, line, policy_key, subject, problem, value, other, other_line
    from repeated where place = 1

    union all

    select
        'rules', line, policy_key, policy_key, 'core_tags', cast(tag_count as varchar),
        '{{ most_tags }}', null
    from tags
    where place = {{ most_tags + 1 }}

    union all

    select
        'labels', labels.line, null, labels.kind || '/' || labels.outcome_key, 'unreachable',
        labels.kind, null, null
    from labels
    left join given_labels as given
        on labels.kind = given.kind
            and labels.outcome_key = given.outcome_key
    where given.kind is null
        and labels.kind in (
            'lifecycle_stage', 'tier', 'matrix', 'health_band', 'tag', 'audience', 'rfm_segment',
            'rfm_group'
        )

    union all

    select 'metrics', line, null, metric, 'unit', unit, null, null
    from metrics
    where unit not in ('rate', 'key', 'base currency')
        and unit not in (select outcome_key from labels where kind = 'unit')

    union all

    select 'rules', line, policy_key, subject, 'audience.unused', null, null, null
    from rules
    where rule_set = 'audience'
        and rule_key not in (select audience_rule_key from playbooks)

    union all

    select 'playbooks', line, null, playbook_key, 'owners', owner_role, outcome_key, null
    from idle_people

    union all

    select
        'rules', line, policy_key, policy_key || '/' || rule_set, 'more_outcomes', idle,
        cast(outcome_count as varchar), served_count
    from acted_on
    where idle is not null
),

exceptions as (
    select
        exceptions.*,
        exists (
            select 1 from warnings
            where split_part(warnings.problem, '.', 1) = exceptions.check_key
                and warnings.subject = exceptions.subject
        ) as is_needed
    from {{ seed_rows(ref('lint_exceptions')) }} as exceptions
)

select warnings.*
from warnings
left join exceptions
    on split_part(warnings.problem, '.', 1) = exceptions.check_key
        and warnings.subject = exceptions.subject
where exceptions.check_key is null

union all

select
    'lint_exceptions', exceptions.line, policies.policy_key, exceptions.subject, 'exceptions',
    exceptions.check_key, null, null
from exceptions
left join {{ ref('policies') }} as policies
    on split_part(exceptions.subject, '/', 1) = policies.policy_key
where not exceptions.is_needed
