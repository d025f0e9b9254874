{#-
    A number from 0 to 99 drawn from a text, the same every time: the share of texts below n is n %.

    expression: SQL text expression. Returns integer.
-#}
{% macro share_of_hundred(expression) %}
    {{- return(adapter.dispatch('share_of_hundred')(expression)) -}}
{% endmacro %}

{% macro duckdb__share_of_hundred(expression) -%}
    cast(('0x' || substr(md5({{ expression }}), 1, 8))::ubigint % 100 as integer)
{%- endmacro %}

{% macro postgres__share_of_hundred(expression) -%}
    cast(('x' || substr(md5({{ expression }}), 1, 7))::bit(28)::int % 100 as integer)
{%- endmacro %}
