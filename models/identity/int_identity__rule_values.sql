-- one row per match rule and record that shares with another record every identifier the rule names
with records as (
    select * from {{ ref('int_identity__normalised') }}
),

split_records as (
    select right_record_key as record_key
    from {{ ref('identity_overrides') }}
    where action = 'split'
    group by right_record_key
),

rules as (
    select
        match_rules.rule_key,
        customer_types.customer_type,
        {% for column in identifier_columns() -%}
        max(case when rule_identifiers.identifier_type = '{{ column }}' then 1 else 0 end) as needs_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('match_rules') }} as match_rules
    inner join {{ ref('match_rule_identifiers') }} as rule_identifiers
        on match_rules.rule_key = rule_identifiers.rule_key
    inner join (
        select 'business' as customer_type
        union all
        select 'consumer' as customer_type
    ) as customer_types
        on match_rules.customer_type in ('any', customer_types.customer_type)
    group by match_rules.rule_key, customer_types.customer_type
),

-- A record that was split off by hand takes part in no rule.
rule_values as (
    select
        rules.rule_key,
        records.customer_type,
        records.record_key,
        concat_ws(
            ' + ',
            {% for column in identifier_columns() -%}
            case when rules.needs_{{ column }} = 1 then cast(records.{{ column }} as varchar) end{{ ',' if not loop.last }}
            {% endfor %}
        ) as match_value
    from records
    inner join rules
        on records.customer_type = rules.customer_type
    left join split_records
        on records.record_key = split_records.record_key
    where split_records.record_key is null
        {% for column in identifier_columns() -%}
        and (rules.needs_{{ column }} = 0 or records.{{ column }} is not null)
        {% endfor %}
),

shared_values as (
    select
        rule_key,
        customer_type,
        match_value,
        count(*) as record_count
    from rule_values
    group by rule_key, customer_type, match_value
    having count(*) > 1
),

final as (
    select
        rule_values.rule_key,
        rule_values.customer_type,
        rule_values.match_value,
        rule_values.record_key,
        shared_values.record_count
    from rule_values
    inner join shared_values
        on rule_values.rule_key = shared_values.rule_key
            and rule_values.customer_type = shared_values.customer_type
            and rule_values.match_value = shared_values.match_value
)

select * from final
