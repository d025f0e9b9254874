{#-
    Whether two texts consist of the same letters in any order, where the engine can tell.

    left_text, right_text: SQL text expressions. Returns boolean.
-#}
{% macro same_letters(left_text, right_text) %}
    {{- return(adapter.dispatch('same_letters')(left_text, right_text)) -}}
{% endmacro %}

{% macro default__same_letters(left_text, right_text) -%}
    {{ left_text }} = {{ right_text }}
{%- endmacro %}

{% macro duckdb__same_letters(left_text, right_text) -%}
    list_sort(string_split({{ left_text }}, '')) = list_sort(string_split({{ right_text }}, ''))
{%- endmacro %}
