-- one row per match rule and record that shares every identifier the rule names
{% set most_names = 8 %}
with rule_values as (
    select * from {{ ref('int_identity__rule_values') }}
),

records as (
    select
        record_key,
        organisation_core,
        given_name,
        surname,
        coalesce(organisation_core, concat_ws(' ', given_name, surname)) as compared_name,
        tax_id,
        national_id
    from {{ ref('int_identity__normalised') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

-- How many names, and which numbers that tell customers apart, the records of a value carry.
value_totals as (
    select
        rule_values.rule_key,
        rule_values.customer_type,
        rule_values.match_value,
        count(distinct records.compared_name) as name_count,
        {{ numbers_differ('min(records.tax_id)', 'max(records.tax_id)') }}
        or {{ numbers_differ('min(records.national_id)', 'max(records.national_id)') }}
            as numbers_differ
    from rule_values
    inner join records
        on rule_values.record_key = records.record_key
    group by rule_values.rule_key, rule_values.customer_type, rule_values.match_value
),

compared_names as (
    select
        rule_values.rule_key,
        rule_values.customer_type,
        rule_values.match_value,
        rules.name_check,
        records.compared_name,
        records.organisation_core,
        records.given_name,
        records.surname
    from rule_values
    inner join records
        on rule_values.record_key = records.record_key
    inner join rules
        on rule_values.rule_key = rules.rule_key
    inner join value_totals
        on rule_values.rule_key = value_totals.rule_key
            and rule_values.customer_type = value_totals.customer_type
            and rule_values.match_value = value_totals.match_value
    where rules.name_check <> 'none'
        and value_totals.name_count between 2 and {{ most_names }}
    group by
        rule_values.rule_key, rule_values.customer_type, rule_values.match_value,
        rules.name_check, records.compared_name, records.organisation_core, records.given_name,
        records.surname
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

judged as (
    select
        value_totals.rule_key,
        value_totals.customer_type,
        value_totals.match_value,
        value_totals.name_count,
        rules.strength,
        rules.holds_records and different_names.rule_key is not null as holds_records,
        case
            when rules.name_check <> 'none' and value_totals.name_count > {{ most_names }}
                then 'too_many_names'
            when different_names.rule_key is not null then 'clearly_different_names'
        end as blocked_reason,
        value_totals.numbers_differ
    from value_totals
    inner join rules
        on value_totals.rule_key = rules.rule_key
    left join different_names
        on value_totals.rule_key = different_names.rule_key
            and value_totals.customer_type = different_names.customer_type
            and value_totals.match_value = different_names.match_value
),

-- A record whose e-mail address belongs to somebody else may be a mix of two people.
held_records as (
    select rule_values.record_key
    from rule_values
    inner join judged
        on rule_values.rule_key = judged.rule_key
            and rule_values.customer_type = judged.customer_type
            and rule_values.match_value = judged.match_value
    where judged.holds_records
    group by rule_values.record_key
),

final as (
    select
        rule_values.rule_key,
        judged.strength,
        rule_values.customer_type,
        rule_values.match_value,
        rule_values.record_key,
        rule_values.record_count,
        judged.name_count,
        judged.numbers_differ,
        coalesce(
            judged.blocked_reason,
            case
                when held_records.record_key is not null and judged.strength <> 'strong'
                    then 'record_held'
            end
        ) as blocked_reason
    from rule_values
    inner join judged
        on rule_values.rule_key = judged.rule_key
            and rule_values.customer_type = judged.customer_type
            and rule_values.match_value = judged.match_value
    left join held_records
        on rule_values.record_key = held_records.record_key
)

select * from final
