{#-
    NFKC form of a text without invisible characters: full-width letters and digits become ASCII.

    expression: SQL text expression, for example `customer_name`. Returns text.
-#}
{% macro normalise_unicode(expression) %}
    {{- return(adapter.dispatch('normalise_unicode')(expression)) -}}
{% endmacro %}

{#- Plain ASCII (as many bytes as characters) is its own NFKC form and skips the Python function. -#}
{% macro duckdb__normalise_unicode(expression) -%}
    case
        when strlen({{ expression }}) = length({{ expression }}) then {{ expression }}
        else strata_normalise_unicode({{ expression }})
    end
{%- endmacro %}

{% macro postgres__normalise_unicode(expression) -%}
    normalize({{ expression }}, nfkc)
{%- endmacro %}
