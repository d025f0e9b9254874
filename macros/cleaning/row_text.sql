{#-
    All raw values of a row in one text: equal for rows of equal content, the last tie-break between
    versions, and what `raw_values` is made of. Values are separated by chr(31), null is chr(30).

    relation: CTE with the columns of `raw_copies`; columns: list of raw column names. Returns text.
-#}
{% macro row_text(relation, columns) -%}
    concat_ws(chr(31){% for column in columns %}, coalesce({{ relation }}.raw_{{ column }}, chr(30)){% endfor %})
{%- endmacro %}
