{#-
    The first valid phone number in a text as E.164 (`+8613812345678`), or null if there is none. It has
    no extension. Numbers without a country prefix are read as of `var('default_phone_country')`.
    `ignored_contact` says whether something was left out.

    expression: SQL text expression, normalised by `clean_text`. Returns text.
-#}
{% macro phone_e164(expression) %}
    {{- return(adapter.dispatch('phone_e164')(expression)) -}}
{% endmacro %}

{% macro duckdb__phone_e164(expression) -%}
    strata_phone_e164({{ expression }}, '{{ var("default_phone_country") }}')
{%- endmacro %}
