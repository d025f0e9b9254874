{#-
    Text as it is compared everywhere: Unicode-normalised, trimmed, runs of blanks made one, empty
    made null.

    expression: SQL text expression, for example `customer_name`. Returns text.
    Example: `{{ '{{ clean_text("customer_name") }}' }}` turns '  ＡＢＣ  Ltd ' into 'ABC Ltd'.
-#}
{% macro clean_text(expression) -%}
    nullif(trim(regexp_replace({{ normalise_unicode(expression) }}, '\s+', ' ', 'g')), '')
{%- endmacro %}
