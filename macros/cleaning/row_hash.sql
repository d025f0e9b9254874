{#-
    A fingerprint of a raw row: equal for rows of equal content, the last tie-break between versions.

    columns: list of raw column names. Returns text.
-#}
{% macro row_hash(columns) -%}
    md5(concat_ws(chr(31){% for column in columns %}, coalesce({{ column }}, '~'){% endfor %}))
{%- endmacro %}
