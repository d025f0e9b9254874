-- one row per customer type and value that joins nobody, of one identifier type or of a match rule
with unusable_values as (
    select
        cast(null as varchar) as rule_key,
        identifier_type,
        customer_type,
        identifier_value,
        blocked_reason,
        record_count,
        name_count
    from {{ ref('int_identity__unusable_values') }}
    where record_count > 1
),

rule_identifiers as (
    select
        rule_key,
        {{ dbt.listagg('identifier_type', "' + '", 'order by identifier_type') }} as identifier_type
    from {{ ref('match_rule_identifiers') }}
    group by rule_key
),

contested_values as (
    select
        match_values.rule_key,
        min(rule_identifiers.identifier_type) as identifier_type,
        match_values.customer_type,
        match_values.match_value as identifier_value,
        min(match_values.blocked_reason) as blocked_reason,
        max(match_values.record_count) as record_count,
        max(match_values.name_count) as name_count
    from {{ ref('int_identity__match_values') }} as match_values
    inner join rule_identifiers
        on match_values.rule_key = rule_identifiers.rule_key
    where match_values.blocked_reason <> 'record_held'
    group by match_values.rule_key, match_values.customer_type, match_values.match_value
),

final as (
    select * from unusable_values
    union all
    select * from contested_values
)

select * from final
