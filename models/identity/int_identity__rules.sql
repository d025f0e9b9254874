-- one row per match rule that names identifiers and customer type that it holds for
select
    match_rules.rule_key,
    customer_types.customer_type,
    {% for column in identifier_columns() -%}
    max(case when rule_identifiers.identifier_type = '{{ column }}' then 1 else 0 end)
        as needs_{{ column }}{{ ',' if not loop.last }}
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
