{#-
    What is wrong with a row that names a parent row which is missing or unusable, as a problem (see
    `deduplicate_and_reject`); null if it names none, or if the parent's table is not loaded at all: then nobody
    can know.

    key: column that names the parent; known_key: the parent's key, left-joined from its kept rows;
    parent_table: CTE of one row with column is_loaded; reason: for example unknown_account. Returns
    text.
-#}
{% macro unknown_parent(key, known_key, parent_table, reason) -%}
    case
        when {{ parent_table }}.is_loaded and {{ key }} is not null and {{ known_key }} is null
            then '{{ reason }}: {{ key.split(".")[-1] }}'
    end
{%- endmacro %}
