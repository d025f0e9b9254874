{#-
    The value of the metric that a row names: one static CASE from a metric's name to its column.

    metric: SQL expression that holds the metric's name; relation: alias of the relation with the
    columns; columns: list of column names; type: SQL type of the result.
-#}
{% macro metric_value(metric, relation, columns, type='double') -%}
    case {{ metric }}
        {% for column in columns -%}
        when '{{ column }}' then cast({{ relation }}.{{ column }} as {{ type }})
        {% endfor -%}
    end
{%- endmacro %}
