{#-
    A key as it is joined on: Unicode-normalised, blanks, tabs and line ends trimmed, empty made null;
    case and zeros stay.

    expression: SQL text expression, for example `order_id`. Returns text.
-#}
{% macro clean_key(expression) %}
    {{- return(adapter.dispatch('clean_key')(expression)) -}}
{% endmacro %}

{% macro default__clean_key(expression) -%}
    nullif(trim({{ normalise_unicode(expression) }}, ' ' || chr(9) || chr(10) || chr(13)), '')
{%- endmacro %}

{#- Plain ASCII that neither starts nor ends with a blank is clean; looking costs less than trimming. -#}
{% macro duckdb__clean_key(expression) -%}
    case
        when strlen({{ expression }}) = length({{ expression }})
            and left({{ expression }}, 1) > ' '
            and right({{ expression }}, 1) > ' '
            then {{ expression }}
        else {{ default__clean_key(expression) }}
    end
{%- endmacro %}
