{#-
    The value of the first row that has one, as an aggregate: a blank in a row before it says nothing.

    expression: SQL expression; rank: column that no two rows of the group share, 1 for the first.
    Example: first_filled('birth_date', 'contact_rank').
-#}
{% macro first_filled(expression, rank) %}
    {{- return(adapter.dispatch('first_filled', 'strata')(expression, rank)) -}}
{% endmacro %}

{% macro default__first_filled(expression, rank) -%}
    (array_agg({{ expression }} order by {{ rank }}) filter (where {{ expression }} is not null))[1]
{%- endmacro %}

{#- It leaves out rows without a value by itself. -#}
{% macro duckdb__first_filled(expression, rank) -%}
    arg_min({{ expression }}, {{ rank }})
{%- endmacro %}

{% macro spark__first_filled(expression, rank) -%}
    min_by({{ expression }}, {{ rank }}) filter (where {{ expression }} is not null)
{%- endmacro %}
