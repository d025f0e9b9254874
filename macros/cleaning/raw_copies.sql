{#-
    The raw values of a row beside its cleaned ones, as `raw_<column>`: what `deduplicate_and_reject` makes the text
    of the few rows from that are rejected or come more than once.

    columns: list of raw column names. Returns select expressions.
-#}
{% macro raw_copies(columns) -%}
    {%- for column in columns -%}
    {{ column }} as raw_{{ column }}{{ ',
        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
