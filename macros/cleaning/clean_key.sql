{#-
    A key as it is joined on: Unicode-normalised and trimmed, empty made null; case and zeros stay.

    expression: SQL text expression, for example `order_id`. Returns text.
-#}
{% macro clean_key(expression) -%}
    nullif(trim({{ normalise_unicode(expression) }}), '')
{%- endmacro %}
