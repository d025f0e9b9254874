{#-
    An e-mail address in lower case, or null if it has not the shape of one.

    expression: SQL text expression. Returns text.
-#}
{% macro clean_email(expression) -%}
    case
        when regexp_matches({{ clean_key(expression) }}, '^[^@\s]+@[^@\s]+\.[^@\s]+$')
            then lower({{ clean_key(expression) }})
    end
{%- endmacro %}
