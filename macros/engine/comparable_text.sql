{#-
    A text as names and addresses are compared: lower case, without accents, traditional Chinese
    characters made simplified, anything but letters and digits made one blank.

    expression: SQL text expression, cleaned by `clean_text`. Returns text, null if nothing is left.
    Example: `{{ '{{ comparable_text("city") }}' }}` turns 'Düsseldorf (Nord)' into 'dusseldorf nord'.
-#}
{% macro comparable_text(expression) %}
    {{- return(adapter.dispatch('comparable_text')(expression)) -}}
{% endmacro %}

{% macro duckdb__comparable_text(expression) -%}
    nullif(trim(regexp_replace(
        case
            when strlen({{ expression }}) = length({{ expression }}) then lower({{ expression }})
            else lower(strip_accents(strata_simplified_chinese({{ expression }})))
        end,
        '[^\p{L}\p{N}]+', ' ', 'g'
    )), '')
{%- endmacro %}
