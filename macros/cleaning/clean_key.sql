{#-
    A key as it is joined on: Unicode-normalised, blanks, tabs and line ends trimmed, empty made null;
    case and zeros stay.

    expression: SQL text expression, for example `order_id`. Returns text.
-#}
{% macro clean_key(expression) %}
    {{- return(adapter.dispatch('clean_key')(expression)) -}}
{% endmacro %}

{% macro default__clean_key(expression) -%}
    nullif(trim({{ normalise_unicode(expression) }}, ' ' || chr(9) || chr(10) || chr(13)), '')
{%- endmacro %}

{#- Most keys are clean already, and looking costs a third of trimming. -#}
{% macro duckdb__clean_key(expression) -%}
    case
        when {{ expression }} is null then null
        when {{ is_trimmed_ascii(expression) }} then {{ expression }}
        else {{ default__clean_key(expression) }}
    end
{%- endmacro %}
