-- one row per customer and rule that decided, at the current as_of_date
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

-- Names of units that the names of metrics do not tell.
units as (
    select
        case when kind = 'currency' then 'base currency' else outcome_key end as unit,
        name_en,
        name_zh
    from labels
    where (kind = 'currency' and outcome_key = '{{ var("base_currency") }}')
        or (kind = 'unit' and outcome_key = 'ratio')
),

-- A number is shown beside its threshold. A word is shown by its label, which says enough for = and
-- in.
phrases as (
    select
        conditions.customer_id,
        conditions.as_of_date,
        conditions.rule_set,
        conditions.outcome_key,
        conditions.rule_key,
        conditions.metric,
        conditions.condition_order,
        conditions.metric_name_en || ' ' || coalesce(
            value_labels.name_en,
            conditions.metric_text,
            conditions.number_text || coalesce(' ' || units.name_en, ''),
            'unknown'
        ) || conditions.comparison as phrase_en,
        conditions.metric_name_zh || ' ' || coalesce(
            value_labels.name_zh,
            conditions.metric_text,
            conditions.number_text || coalesce(units.name_zh, ''),
            '未知'
        ) || conditions.comparison as phrase_zh
    from (
        select
            *,
            operator || coalesce(threshold_value, '') as condition_order,
            {{ number_text('metric_number', 'unit') }} as number_text,
            case
                when operator in ('is_null', 'is_not_null') then ''
                when metric_text is not null and operator in ('=', 'in') then ''
                else
                    ' (' || case operator
                        when '>=' then '≥'
                        when '<=' then '≤'
                        when '!=' then '≠'
                        else operator
                    end || ' ' || coalesce({{ number_text('threshold', 'unit') }}, threshold_value)
                    || ')'
            end as comparison
        from (
            select
                *,
                {{ dbt.safe_cast('threshold_value', 'double') }} as threshold
            from conditions
        ) as read_conditions
    ) as conditions
    inner join groups
        on conditions.customer_id = groups.customer_id
            and conditions.rule_set = groups.rule_set
            and conditions.rule_key = groups.rule_key
            and conditions.condition_group = groups.condition_group
            and groups.group_rank = 1
    left join units
        on conditions.unit = units.unit
    left join labels as value_labels
        on conditions.metric_text = value_labels.outcome_key
            and replace(conditions.metric, '_key', '') = value_labels.kind
),

sentences as (
    select
        customer_id,
        as_of_date,
        rule_set,
        outcome_key,
        rule_key,
        case when rule_set = 'lifecycle' then 'lifecycle_stage' else rule_set end as label_kind,
        {{ dbt.listagg('phrase_en', "' and '", 'order by metric, condition_order') }}
            as conditions_en,
        {{ dbt.listagg('phrase_zh', "'，'", 'order by metric, condition_order') }}
            as conditions_zh
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
            and sentences.label_kind = labels.kind
)

select * from final
