{#-
    Whether two official numbers are clearly different: more than two typing errors apart.

    left_number, right_number: SQL text expressions. Returns boolean, false if one is missing.
-#}
{% macro numbers_differ(left_number, right_number) -%}
    coalesce(levenshtein({{ left_number }}, {{ right_number }}) > 2, false)
{%- endmacro %}
