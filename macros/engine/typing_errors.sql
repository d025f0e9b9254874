{#-
    How many letters one has to type wrongly, leave out or add to make one text of another. Two
    neighbours that changed places are one error where the engine can tell, else two.

    left_text, right_text: SQL text expressions. Returns integer.
-#}
{% macro typing_errors(left_text, right_text) %}
    {{- return(adapter.dispatch('typing_errors')(left_text, right_text)) -}}
{% endmacro %}

{% macro default__typing_errors(left_text, right_text) -%}
    levenshtein({{ left_text }}, {{ right_text }})
{%- endmacro %}

{% macro duckdb__typing_errors(left_text, right_text) -%}
    damerau_levenshtein({{ left_text }}, {{ right_text }})
{%- endmacro %}
