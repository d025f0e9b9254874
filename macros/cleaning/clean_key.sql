{#-
    A key as it is joined on: Unicode-normalised, blanks, tabs and line ends trimmed, empty made null;
    case and zeros stay.

    expression: SQL text expression, for example `order_id`. Returns text.
-#}
{% macro clean_key(expression) -%}
    nullif(trim({{ normalise_unicode(expression) }}, ' ' || chr(9) || chr(10) || chr(13)), '')
{%- endmacro %}
