{#-
    The raw values of a row as one JSON object, for `rejected_records`.

    row_text: column made by `deduplicate_and_reject` from the same columns; columns: list of raw column names.
    Returns text.
-#}
{% macro raw_values(row_text, columns) %}
    {{- return(adapter.dispatch('raw_values')(row_text, columns)) -}}
{% endmacro %}

{% macro duckdb__raw_values(row_text, columns) -%}
    cast(json_object(
        {%- for column in columns %}
        '{{ column }}', nullif(split_part({{ row_text }}, chr(31), {{ loop.index }}), chr(30)){{ ',' if not loop.last }}
        {%- endfor %}
    ) as varchar)
{%- endmacro %}

{% macro postgres__raw_values(row_text, columns) -%}
    cast(json_build_object(
        {%- for column in columns %}
        '{{ column }}', nullif(split_part({{ row_text }}, chr(31), {{ loop.index }}), chr(30)){{ ',' if not loop.last }}
        {%- endfor %}
    ) as text)
{%- endmacro %}
