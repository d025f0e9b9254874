{#-
    Text as it is compared everywhere: Unicode-normalised, trimmed, runs of blanks made one, empty
    made null.

    expression: SQL text expression, for example `customer_name`. Returns text.
    Example: `{{ '{{ clean_text("customer_name") }}' }}` turns '  ＡＢＣ  Ltd ' into 'ABC Ltd'.
-#}
{% macro clean_text(expression) %}
    {{- return(adapter.dispatch('clean_text')(expression)) -}}
{% endmacro %}

{% macro default__clean_text(expression) -%}
    nullif(trim(regexp_replace({{ normalise_unicode(expression) }}, '\s+', ' ', 'g')), '')
{%- endmacro %}

{#- A single word needs no look at its blanks. -#}
{% macro duckdb__clean_text(expression) -%}
    case
        when {{ expression }} is null then null
        when {{ is_trimmed_ascii(expression) }}
            and not contains({{ expression }}, ' ')
            and not contains({{ expression }}, chr(9))
            and not contains({{ expression }}, chr(10))
            and not contains({{ expression }}, chr(12))
            and not contains({{ expression }}, chr(13))
            then {{ expression }}
        else {{ default__clean_text(expression) }}
    end
{%- endmacro %}
