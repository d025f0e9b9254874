{#-
    The raw values of a row as one JSON object, for `rejected_records`.

    columns: list of raw column names. Returns text.
-#}
{% macro raw_values(columns) %}
    {{- return(adapter.dispatch('raw_values')(columns)) -}}
{% endmacro %}

{% macro duckdb__raw_values(columns) -%}
    cast(json_object({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}

{% macro postgres__raw_values(columns) -%}
    cast(json_build_object({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}) as text)
{%- endmacro %}
