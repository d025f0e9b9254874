{#-
    Whether a text matches a regular expression that is itself a column, as in a seed of patterns.

    value, pattern: SQL text expressions, neither of them null. Returns boolean.
-#}
{% macro matches_pattern(value, pattern) %}
    {{- return(adapter.dispatch('matches_pattern')(value, pattern)) -}}
{% endmacro %}

{% macro default__matches_pattern(value, pattern) -%}
    regexp_matches({{ value }}, {{ pattern }})
{%- endmacro %}

{#- DuckDB reads a pattern anew for every row, which takes ten times as long as to match it. -#}
{% macro duckdb__matches_pattern(value, pattern) -%}
    strata_matches_pattern({{ value }}, {{ pattern }})
{%- endmacro %}
