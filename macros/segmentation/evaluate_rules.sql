{#-
    Evaluates rules over customers: customers × conditions. NULL never satisfies a comparison.

    inputs: CTE with customer_id, as_of_date, customer_type and the metrics; conditions: CTE with the rows
    of int_rules__conditions to evaluate; columns: what `metric_columns` says of `inputs`.
    Returns a select of customer_id, as_of_date, rule_set, rule_rank: one row per rule that fires.
-#}
{% macro evaluate_rules(inputs, conditions, columns) -%}
    with metric_values as (
        {{ named_metrics(inputs, conditions, columns) }}
    ),

    -- All conditions of a group must hold.
    fired_groups as (
        select
            customer_id,
            as_of_date,
            rule_set,
            rule_rank,
            condition_group
        from metric_values
        where {{ condition_holds() }}
        group by customer_id, as_of_date, rule_set, rule_rank, condition_group
        having count(*) = max(condition_count)
    ),

    -- Any group suffices.
    fired_rules as (
        select
            customer_id,
            as_of_date,
            rule_set,
            rule_rank
        from fired_groups
        group by customer_id, as_of_date, rule_set, rule_rank
    )

    select * from fired_rules
{%- endmacro %}
