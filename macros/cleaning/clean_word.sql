{#-
    A word as it is looked up in `value_aliases`: a clean key in lower case without blanks, hyphens
    and underscores, so that On hold, on-hold and ON_HOLD are one word.

    expression: SQL text expression, for example `status`. Returns text.
-#}
{% macro clean_word(expression) -%}
    case
        -- Most words have none of them.
        when {{ expression }} like '% %'
            or {{ expression }} like '%-%'
            or position('_' in {{ expression }}) > 0
            then translate(lower({{ clean_key(expression) }}), ' _-', '')
        else lower({{ clean_key(expression) }})
    end
{%- endmacro %}
