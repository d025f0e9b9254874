{#-
    A score from 0 to 100 in a straight line between two values of a metric: 0 at `from_value` or beyond,
    100 at `to_value` or beyond, null for an unknown value. `from_value` may lie above `to_value`.

    value, from_value, to_value: SQL expressions; the latter two must differ.
    Returns SQL of type decimal(9, 4), so that sums do not depend on their order.
-#}
{% macro linear_score(value, from_value, to_value) -%}
    cast(
        case
            when {{ value }} is not null
                then least(
                    greatest(
                        100 * ({{ value }} - cast({{ from_value }} as double))
                        / cast({{ to_value }} - {{ from_value }} as double),
                        0
                    ),
                    100
                )
        end as decimal(9, 4)
    )
{%- endmacro %}
