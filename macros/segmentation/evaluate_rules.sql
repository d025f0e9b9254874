{#-
    Evaluates rules over customers: customers × conditions, with one static CASE that turns a
    metric's name into its column. Conditions in a group must all hold; any group suffices. NULL
    never satisfies a comparison.

    inputs: CTE with customer_id, as_of_date, customer_type and the metric columns;
    conditions: CTE with the rows of int_rules__conditions to evaluate;
    numeric_columns, text_columns: metric columns that `inputs` has.
    Returns a select of customer_id, as_of_date, rule_set, rule_rank: one row per rule that fires.
-#}
{% macro evaluate_rules(inputs, conditions, numeric_columns, text_columns) -%}
    select
        customer_id,
        as_of_date,
        rule_set,
        rule_rank
    from (
        select
            customer_id,
            as_of_date,
            rule_set,
            rule_rank,
            condition_group
        from (
            select
                {{ inputs }}.customer_id,
                {{ inputs }}.as_of_date,
                {{ conditions }}.rule_set,
                {{ conditions }}.rule_rank,
                {{ conditions }}.condition_group,
                {{ conditions }}.condition_count,
                {{ conditions }}.operator,
                {{ conditions }}.value,
                {{ conditions }}.threshold,
                {{ metric_value(conditions ~ '.metric', inputs, numeric_columns) }} as metric_number,
                {{ metric_value(conditions ~ '.metric', inputs, text_columns, 'varchar') }} as metric_text
            from {{ inputs }}
            inner join {{ conditions }}
                on {{ inputs }}.customer_type = {{ conditions }}.customer_type
        ) as metric_values
        where {{ condition_holds() }}
        group by customer_id, as_of_date, rule_set, rule_rank, condition_group
        having count(*) = max(condition_count)
    ) as fired_groups
    group by customer_id, as_of_date, rule_set, rule_rank
{%- endmacro %}
