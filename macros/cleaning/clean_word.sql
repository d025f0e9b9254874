{#-
    A word as it is looked up in `value_aliases`: a clean key in lower case without blanks, hyphens and
    underscores, so that On hold, on-hold and ON_HOLD are one word.

    expression: SQL text expression, for example `status`. Returns text.
-#}
{% macro clean_word(expression) -%}
    translate(lower({{ clean_key(expression) }}), ' _-', '')
{%- endmacro %}
