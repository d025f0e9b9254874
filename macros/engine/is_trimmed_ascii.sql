{#-
    Whether a text is plain ASCII that no cleaning would change at its ends. DuckDB only: the quick
    look before `clean_key` and `clean_text`, which read every text of every table.

    expression: SQL text expression. Returns boolean.
-#}
{% macro is_trimmed_ascii(expression) -%}
    {{ expression }} >= '!'
            and strlen({{ expression }}) = length({{ expression }})
            and not suffix({{ expression }}, ' ')
            and not suffix({{ expression }}, chr(9))
            and not suffix({{ expression }}, chr(10))
            and not suffix({{ expression }}, chr(13))
{%- endmacro %}
