{#-
    A number as people write it, with a comma between thousands.

    number: SQL number expression; decimals: how many digits to show. Returns text; null if the
    number is.
-#}
{% macro grouped_digits(number, decimals=0) %}
    {{- return(adapter.dispatch('grouped_digits')(number, decimals)) -}}
{% endmacro %}

{#- By way of a decimal: halves are rounded up, and nothing is -0. -#}
{% macro duckdb__grouped_digits(number, decimals) -%}
    format(
        '{:,.{{ decimals }}f}',
        cast(cast({{ number }} as decimal(18, {{ decimals }})) as double)
    )
{%- endmacro %}

{% macro postgres__grouped_digits(number, decimals) -%}
    to_char(
        cast({{ number }} as decimal(18, {{ decimals }})),
        'FM999,999,999,999,999,990{{ '.' ~ '0' * decimals if decimals }}'
    )
{%- endmacro %}
