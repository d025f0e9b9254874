{#-
    One raw value of a row, as the source held it.

    raw_values: column made by `raw_values`; column: SQL text expression, name of the raw column.
    Returns text.
-#}
{% macro raw_value(raw_values, column) %}
    {{- return(adapter.dispatch('raw_value')(raw_values, column)) -}}
{% endmacro %}

{% macro default__raw_value(raw_values, column) -%}
    cast({{ raw_values }} as json) ->> {{ column }}
{%- endmacro %}
