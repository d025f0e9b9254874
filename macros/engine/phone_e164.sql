{#-
    A phone number as E.164 (`+8613812345678`), or null if it is no valid number. Numbers without a
    country prefix are read as of `var('default_phone_country')`.

    expression: SQL text expression, normalised by `clean_text`. Returns text.
-#}
{% macro phone_e164(expression) %}
    {{- return(adapter.dispatch('phone_e164')(expression)) -}}
{% endmacro %}

{% macro duckdb__phone_e164(expression) -%}
    strata_phone_e164({{ expression }}, '{{ var("default_phone_country") }}')
{%- endmacro %}
