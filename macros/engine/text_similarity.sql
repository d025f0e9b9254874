{#-
    How alike two texts are, from 0 to 1: Jaro-Winkler for texts of Latin letters, else 1 if they are
    equal and 0 if not. Chinese names are too short for a typing error to be told from another name: brothers often
    share one of two characters.

    left_text, right_text: SQL text expressions. Returns double.
-#}
{% macro text_similarity(left_text, right_text) %}
    {{- return(adapter.dispatch('text_similarity')(left_text, right_text)) -}}
{% endmacro %}

{#- DuckDB compares bytes. -#}
{% macro duckdb__text_similarity(left_text, right_text) -%}
    case
        when {{ left_text }} = {{ right_text }} then 1.0
        when strlen({{ left_text }} || {{ right_text }}) > length({{ left_text }} || {{ right_text }})
            and not regexp_matches({{ left_text }} || {{ right_text }}, '^[\p{Latin}\p{N} ]+$')
            then 0.0
        else jaro_winkler_similarity({{ left_text }}, {{ right_text }})
    end
{%- endmacro %}
