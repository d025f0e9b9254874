{#-
    Text as it is compared everywhere: Unicode-normalised, trimmed, runs of blanks made one, empty
    made null. A single word needs no look at its blanks.

    expression: SQL text expression, for example `customer_name`. Returns text.
    Example: `{{ '{{ clean_text("customer_name") }}' }}` turns '  ＡＢＣ  Ltd ' into 'ABC Ltd'.
-#}
{% macro clean_text(expression) -%}
    case
        when {{ expression }} is null then null
        when {{ engine('is_ascii_word', expression) }} then {{ expression }}
        else nullif(
            trim(regexp_replace({{ engine('normalise_unicode', expression) }}, '\s+', ' ', 'g')), ''
        )
    end
{%- endmacro %}
