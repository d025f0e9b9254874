-- one row per match rule and record that has every identifier the rule names
with identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

rule_identifiers as (
    select
        rule_key,
        identifier_type,
        count(*) over (partition by rule_key) as needed_count
    from {{ ref('match_rule_identifiers') }}
),

record_values as (
    select
        rule_identifiers.rule_key,
        identifiers.customer_type,
        identifiers.record_key,
        max(identifiers.normalised_name) as normalised_name,
        {{ dbt.listagg(
            'identifiers.identifier_value', "' + '", 'order by identifiers.identifier_type'
        ) }} as match_value,
        min(identifiers.blocked_reason) as blocked_reason
    from identifiers
    inner join rule_identifiers
        on identifiers.identifier_type = rule_identifiers.identifier_type
    group by
        rule_identifiers.rule_key,
        identifiers.customer_type,
        identifiers.record_key
    having count(*) = max(rule_identifiers.needed_count)
),

value_totals as (
    select
        rule_key,
        customer_type,
        match_value,
        min(record_key) as first_record_key,
        count(*) as record_count,
        count(distinct normalised_name) as name_count
    from record_values
    group by rule_key, customer_type, match_value
    having count(*) > 1
),

final as (
    select
        record_values.rule_key,
        record_values.customer_type,
        record_values.match_value,
        record_values.record_key,
        value_totals.first_record_key,
        value_totals.record_count,
        value_totals.name_count,
        coalesce(
            record_values.blocked_reason,
            case when value_totals.name_count > rules.sharing_limit then 'too_many_names' end
        ) as blocked_reason
    from record_values
    inner join value_totals
        on record_values.rule_key = value_totals.rule_key
            and record_values.customer_type = value_totals.customer_type
            and record_values.match_value = value_totals.match_value
    inner join rules
        on record_values.rule_key = rules.rule_key
            and rules.customer_type in ('any', record_values.customer_type)
)

select * from final
