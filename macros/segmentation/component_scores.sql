{#-
    How each customer does on each component of a score, from 0 to 100, under the run's policy.

    metrics: CTE with customer_id, as_of_date, customer_type and the columns of `activity_metrics`;
    components: CTE with the rows of a seed of components; zero_value, hundred_value: its columns
    with the values of the metric that score 0 and 100. Returns a select of customer_id, as_of_date,
    component, metric, weight, the two values, metric_number and component_score (null if unknown).
-#}
{% macro component_scores(metrics, components, zero_value, hundred_value) -%}
    select
        *,
        {{ linear_score('metric_number', zero_value, hundred_value) }} as component_score
    from (
        select
            measured.customer_id,
            measured.as_of_date,
            placed.component,
            placed.metric,
            placed.weight,
            placed.{{ zero_value }},
            placed.{{ hundred_value }},
            {{ engine('array_item', 'measured.numbers', 'placed.number_position') }} as metric_number
        from (
            select
                customer_id,
                as_of_date,
                customer_type,
                {{ metric_array(metrics, activity_metrics()) }} as numbers
            from {{ metrics }}
        ) as measured
        inner join (
            select
                *,
                {{ metric_position('metric', activity_metrics()) }} as number_position
            from {{ components }}
        ) as placed
            on measured.customer_type = placed.customer_type
    ) as looked_up
{%- endmacro %}
