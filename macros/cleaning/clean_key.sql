{#-
    A key as it is joined on: Unicode-normalised, blanks, tabs and line ends trimmed, empty made null;
    case and zeros stay. Most keys are clean already, and looking costs a third of trimming.

    expression: SQL text expression, for example `order_id`. Returns text.
-#}
{% macro clean_key(expression) -%}
    case
        when {{ expression }} is null then null
        when {{ engine('is_trimmed_ascii', expression) }} then {{ expression }}
        else nullif(
            trim({{ engine('normalise_unicode', expression) }}, ' ' || chr(9) || chr(10) || chr(13)), ''
        )
    end
{%- endmacro %}
