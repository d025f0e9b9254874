{#-
    The score of each customer on each component, from 0 to 100 in a straight line between two values of
    the component's metric, either of which may be the greater; null for an unknown metric.

    metrics: CTE with customer_id, as_of_date, customer_type and the columns of customer_metrics;
    components: CTE with the rows of a seed of components; zero_value, hundred_value: its columns
    with the values of the metric that score 0 and 100. Returns a select of customer_id, as_of_date, the
    columns of `components`, metric_number and component_score, a decimal, so that sums do not depend on
    their order.
-#}
{% macro component_scores(metrics, components, zero_value, hundred_value) -%}
    select
        *,
        cast(
            case
                when metric_number is not null
                    then least(
                        greatest(
                            100 * (metric_number - cast({{ zero_value }} as double))
                            / cast({{ hundred_value }} - {{ zero_value }} as double),
                            0
                        ),
                        100
                    )
            end as decimal(9, 4)
        ) as component_score
    from (
        {{ named_metrics(metrics, components, {'number': metric_columns('customer').number}) }}
    ) as metric_values
{%- endmacro %}
