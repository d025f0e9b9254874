-- one row per match rule and record that shares with another record every identifier the rule names
{% set most_names = 8 %}
with records as (
    select
        *,
        coalesce(organisation_core, concat_ws(' ', given_name, surname)) as compared_name
    from {{ ref('int_identity__normalised') }}
),

-- A record that was split off by hand takes part in no rule.
split_records as (
    select right_record_key as record_key
    from {{ ref('identity_overrides') }}
    where action = 'split'
    group by right_record_key
),

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
    inner join {{ ref('int_identity__rules') }} as rules
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
        match_value
    from rule_values
    group by rule_key, customer_type, match_value
    having count(*) > 1
),

-- How many names, and which numbers that tell customers apart, the records of a value carry.
value_totals as (
    select
        rule_values.rule_key,
        rule_values.customer_type,
        rule_values.match_value,
        count(*) as record_count,
        count(distinct records.compared_name) as name_count,
        {{ numbers_differ('min(records.tax_id)', 'max(records.tax_id)') }}
        or {{ numbers_differ('min(records.national_id)', 'max(records.national_id)') }}
            as numbers_differ
    from rule_values
    inner join shared_values
        on rule_values.rule_key = shared_values.rule_key
            and rule_values.customer_type = shared_values.customer_type
            and rule_values.match_value = shared_values.match_value
    inner join records
        on rule_values.record_key = records.record_key
    group by rule_values.rule_key, rule_values.customer_type, rule_values.match_value
),

carriers as (
    select
        rule_values.*,
        value_totals.record_count,
        value_totals.name_count,
        value_totals.numbers_differ,
        match_rules.strength,
        match_rules.name_check,
        match_rules.holds_records
    from rule_values
    inner join value_totals
        on rule_values.rule_key = value_totals.rule_key
            and rule_values.customer_type = value_totals.customer_type
            and rule_values.match_value = value_totals.match_value
    inner join {{ ref('match_rules') }} as match_rules
        on rule_values.rule_key = match_rules.rule_key
),

compared_names as (
    select
        carriers.rule_key,
        carriers.customer_type,
        carriers.match_value,
        carriers.name_check,
        records.compared_name,
        records.organisation_core,
        records.given_name,
        records.surname
    from carriers
    inner join records
        on carriers.record_key = records.record_key
    where carriers.name_check <> 'none'
        and carriers.name_count between 2 and {{ most_names }}
    group by
        carriers.rule_key, carriers.customer_type, carriers.match_value, carriers.name_check,
        records.compared_name, records.organisation_core, records.given_name, records.surname
),

different_names as (
    select
        names_left.rule_key,
        names_left.customer_type,
        names_left.match_value
    from compared_names as names_left
    inner join compared_names as names_right
        on names_left.rule_key = names_right.rule_key
            and names_left.customer_type = names_right.customer_type
            and names_left.match_value = names_right.match_value
            and names_left.compared_name < names_right.compared_name
    where {{ names_differ('names_left', 'names_right', 'names_left.name_check') }}
    group by names_left.rule_key, names_left.customer_type, names_left.match_value
),

-- A record whose e-mail address belongs to somebody else may be a mix of two people.
held_records as (
    select carriers.record_key
    from carriers
    inner join different_names
        on carriers.rule_key = different_names.rule_key
            and carriers.customer_type = different_names.customer_type
            and carriers.match_value = different_names.match_value
    where carriers.holds_records
    group by carriers.record_key
),

final as (
    select
        carriers.rule_key,
        carriers.strength,
        carriers.customer_type,
        carriers.match_value,
        carriers.record_key,
        carriers.record_count,
        carriers.name_count,
        carriers.numbers_differ,
        case
            when carriers.name_check <> 'none' and carriers.name_count > {{ most_names }} then 'too_many_names'
            when different_names.rule_key is not null then 'clearly_different_names'
            when held_records.record_key is not null and carriers.strength <> 'strong' then 'record_held'
        end as blocked_reason
    from carriers
    left join different_names
        on carriers.rule_key = different_names.rule_key
            and carriers.customer_type = different_names.customer_type
            and carriers.match_value = different_names.match_value
    left join held_records
        on carriers.record_key = held_records.record_key
)

select * from final
