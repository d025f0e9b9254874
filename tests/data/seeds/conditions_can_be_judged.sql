-- Fails if a condition of a rule cannot be judged as it is written.
{% set text_operators = "('=', '!=', 'in', 'is_null', 'is_not_null')" %}
{% set null_operators = "('is_null', 'is_not_null')" %}
{% set is_number = engine('matches_pattern', 'conditions.value', "'^-?[0-9]{1,15}([.][0-9]+)?$'") %}
with rules as (
    select
        *,
        case when rule_set = 'lifecycle' then 'lifecycle_stage' else rule_set end as label_kind
    from {{ ref('rules') }}
),

labels as (
    select * from {{ ref('labels') }}
),

conditions as (
    select * from {{ engine('seed_rows', ref('rule_conditions')) }}
),

-- A cell may name a tier rule in place of a number, if the rule has one number for the metric.
tier_thresholds as (
    select
        conditions.policy_key,
        conditions.rule_key,
        conditions.metric
    from conditions
    inner join rules
        on conditions.policy_key = rules.policy_key
            and conditions.rule_key = rules.rule_key
            and rules.rule_set = 'tier'
    where {{ is_number }}
    group by conditions.policy_key, conditions.rule_key, conditions.metric
    having count(distinct conditions.value) = 1
),

condition_rows as (
    select
        conditions.*,
        conditions.policy_key || '/' || conditions.rule_key as subject,
        rules.customer_type,
        rules.rule_set,
        rules.label_kind,
        metrics.value_type,
        metrics.applies_to,
        metrics.source,
        conditions.operator in {{ null_operators }} as is_about_null,
        {{ is_number }} or tier_thresholds.metric is not null as has_number,
        coalesce(conditions.operator, '') in ('<', '<=', '>', '>=') as is_ordered,
        min(conditions.line) over (
            partition by
                conditions.policy_key,
                conditions.rule_key,
                conditions.condition_group,
                conditions.metric,
                conditions.operator
        ) as first_line
    from conditions
    left join rules
        on conditions.policy_key = rules.policy_key
            and conditions.rule_key = rules.rule_key
    left join {{ ref('metrics') }} as metrics
        on conditions.metric = metrics.metric
    left join tier_thresholds
        on conditions.policy_key = tier_thresholds.policy_key
            and conditions.value = tier_thresholds.rule_key
            and conditions.metric = tier_thresholds.metric
),

-- The words that a metric can have: what rules or the RFM map give, or what aliases lead to.
known_words as (
    select
        policy_key,
        label_kind || '_key' as metric,
        outcome_key as word
    from rules
    union distinct
    select
        null as policy_key,
        kind as metric,
        outcome_key as word
    from labels
    where kind = 'customer_type'
    {% for kind in ['rfm_segment', 'rfm_group'] %}
    union distinct
    select
        null as policy_key,
        '{{ kind }}_key' as metric,
        {{ kind }}_key as word
    from {{ ref(kind ~ 's') }}
    union distinct
    select
        null as policy_key,
        '{{ kind }}_key' as metric,
        'no_order' as word
    {% endfor %}
    union distinct
    select
        null as policy_key,
        value_kind as metric,
        value as word
    from {{ ref('value_aliases') }}
    where value_kind <> 'customer_type'
),

words as (
    select
        *,
        count(*) over (partition by line) as word_count,
        row_number() over (partition by line, word) as occurrence
    from (
        select
            *,
            unnest(string_split(value, '|')) as word
        from condition_rows
        where value_type = 'text' and operator in ('=', '!=', 'in')
    ) as listed
),

unknown_words as (
    select
        words.*,
        string_agg(known_words.word, ', ' order by known_words.word) as known
    from words
    inner join known_words
        on words.metric = known_words.metric
            and words.policy_key = coalesce(known_words.policy_key, words.policy_key)
    -- A label of another policy does no harm beside others in a list.
    left join labels
        on words.word_count > 1
            and words.metric = labels.kind || '_key'
            and words.word = labels.outcome_key
    where labels.outcome_key is null
    group by all
    having count(case when known_words.word = words.word then 1 end) = 0
),

problems as (
    select
        condition_rows.*,
        case aspects.aspect
            when 'rule' then case when rule_set is null then 'orphan' end
            when 'repeated' then case when line > first_line then 'duplicate.condition' end
            when 'value' then case
                when operator is null
                    or not (operator in {{ text_operators }} or is_ordered)
                    then 'operator.unknown'
                when value_type is null then null
                when is_about_null and value is not null then 'value.needless'
                when is_about_null then null
                when value is null then 'value.missing'
                when value_type = 'number' and operator = 'in' then 'value.list_of_numbers'
                when value_type = 'number' and not has_number then 'value.no_number'
                when value_type = 'text' and is_ordered then 'operator.orders_words'
            end
            when 'applies_to' then case
                when customer_type <> 'any' and applies_to not in ('any', customer_type)
                    then 'applies_to'
            end
            when 'stage' then case
                when metric = label_kind || '_key' then 'stage.own'
                when rule_set in ('lifecycle', 'tier', 'matrix') and (
                    source = 'customer_health_scores'
                    or metric in ('lifecycle_stage_key', 'tier_key', 'matrix_key')
                ) then 'stage.later'
            end
        end as problem
    from condition_rows
    cross join (
        values ('rule'), ('repeated'), ('value'), ('applies_to'), ('stage')
    ) as aspects (aspect)
)

select
    {{ finding(
        'rule_conditions', 'problem', 'subject', value='value',
        other="case problem when 'applies_to' then applies_to else rule_set end",
        other_line='first_line',
    ) }},
    metric,
    operator
from problems
where problem is not null

union all

select
    {{ finding(
        'rule_conditions', "'words.never'", 'subject', value='word', other='known',
        other_line='first_line',
    ) }},
    metric,
    operator
from unknown_words

union all

select
    {{ finding(
        'rule_conditions', "'duplicate.word'", 'subject', value='value', other='word',
        other_line='first_line',
    ) }},
    metric,
    operator
from words
where occurrence = 2
