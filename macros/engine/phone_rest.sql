{#-
    Whether a text from which `phone_e164` takes a number says something else, too: a second number,
    an extension, a name.

    expression: SQL text expression, normalised by `clean_text`, not null. Returns boolean.
-#}
{% macro phone_rest(expression) %}
    {{- return(adapter.dispatch('phone_rest')(expression)) -}}
{% endmacro %}

{#- Plain digits skip the Python function: a phone number has 15 at most. -#}
{% macro duckdb__phone_rest(expression) -%}
    case
        when regexp_matches({{ expression }}, '^[+]?[0-9]{1,15}$') then false
        else strata_phone_rest({{ expression }}, '{{ var("default_phone_country") }}')
    end
{%- endmacro %}
