-- one row per condition of the run's policy and customer type it applies to
with rules as (
    select * from {{ ref('rules') }} where policy_key = '{{ var("segmentation_policy") }}'
),

conditions as (
    select * from {{ ref('rule_conditions') }} where policy_key = '{{ var("segmentation_policy") }}'
),

customer_types as (
    select outcome_key as customer_type from {{ ref('labels') }} where kind = 'customer_type'
),

-- A condition may name a tier rule in place of the number that this rule compares the metric with.
tier_thresholds as (
    select
        rules.rule_key,
        conditions.metric,
        min(conditions.value) as value
    from rules
    inner join conditions
        on rules.rule_key = conditions.rule_key
    where rules.rule_set = 'tier'
        and {{ dbt.safe_cast('conditions.value', 'double') }} is not null
    group by rules.rule_key, conditions.metric
    having count(distinct conditions.value) = 1
),

resolved_conditions as (
    select
        conditions.rule_key,
        conditions.condition_group,
        conditions.metric,
        conditions.operator,
        coalesce(tier_thresholds.value, conditions.value) as value
    from conditions
    left join tier_thresholds
        on conditions.value = tier_thresholds.rule_key
            and conditions.metric = tier_thresholds.metric
),

-- The rank orders the rules of a set as first_match reads them.
ranked_rules as (
    select
        rules.*,
        row_number() over (order by rules.rule_set, rules.priority, rules.rule_key) as rule_rank
    from rules
),

final as (
    select
        ranked_rules.rule_set,
        ranked_rules.rule_rank,
        ranked_rules.rule_key,
        ranked_rules.outcome_key,
        ranked_rules.priority,
        ranked_rules.tag_layer,
        customer_types.customer_type,
        resolved_conditions.condition_group,
        resolved_conditions.metric,
        resolved_conditions.operator,
        resolved_conditions.value,
        {{ dbt.safe_cast('resolved_conditions.value', 'double') }} as threshold,
        count(*) over (
            partition by
                ranked_rules.rule_rank,
                customer_types.customer_type,
                resolved_conditions.condition_group
        ) as condition_count
    from ranked_rules
    inner join customer_types
        on ranked_rules.customer_type in ('any', customer_types.customer_type)
    inner join resolved_conditions
        on ranked_rules.rule_key = resolved_conditions.rule_key
)

select * from final
