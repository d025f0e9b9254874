{#-
    Evaluates rules over customers: customers × conditions, with the metric that a condition names
    looked up by its position. Conditions in a group must all hold; any group suffices. NULL never
    satisfies a comparison.

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
                measured.customer_id,
                measured.as_of_date,
                placed.rule_set,
                placed.rule_rank,
                placed.condition_group,
                placed.condition_count,
                placed.operator,
                placed.value,
                placed.threshold,
                {{ engine('array_item', 'measured.numbers', 'placed.number_position') }}
                    as metric_number,
                {{ engine('array_item', 'measured.words', 'placed.word_position') }} as metric_text
            from (
                select
                    customer_id,
                    as_of_date,
                    customer_type,
                    {{ metric_array(inputs, numeric_columns) }} as numbers,
                    {{ metric_array(inputs, text_columns, 'varchar') }} as words
                from {{ inputs }}
            ) as measured
            inner join (
                select
                    *,
                    {{ metric_position('metric', numeric_columns) }} as number_position,
                    {{ metric_position('metric', text_columns) }} as word_position
                from {{ conditions }}
            ) as placed
                on measured.customer_type = placed.customer_type
        ) as metric_values
        where {{ condition_holds() }}
        group by customer_id, as_of_date, rule_set, rule_rank, condition_group
        having count(*) = max(condition_count)
    ) as fired_groups
    group by customer_id, as_of_date, rule_set, rule_rank
{%- endmacro %}
