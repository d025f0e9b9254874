{#-
    An official or membership number as it is compared: without the blanks, dashes, dots, slashes and
    underscores that only group its digits. A number in exponents (8.6E+15, 8.6E15) lost its digits and stays.

    expression: SQL text expression, cleaned and in upper case. Returns text.
    Example: '078-05-1120' and '078 05 1120' become '078051120'.
-#}
{% macro comparable_number(expression) -%}
    case
        when regexp_matches({{ expression }}, '[0-9]E[+]|[.][0-9]+E[0-9]+$') then {{ expression }}
        else coalesce(
            nullif(regexp_replace({{ expression }}, '[\s./_·‐‑‒–—−-]', '', 'g'), ''), {{ expression }}
        )
    end
{%- endmacro %}
