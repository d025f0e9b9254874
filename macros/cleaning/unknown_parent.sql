{#-
    Problem of a row with a missing or unusable parent row (see `deduplicate_and_reject`); null if it
    names no parent, or if the parent's table is not loaded.

    key: column that names the parent; known_key: the parent's key, left-joined from its kept rows;
    parent_relation: the parent's base table; reason: for example unknown_account. Returns text.
-#}
{% macro unknown_parent(key, known_key, parent_relation, reason) -%}
    case
        when {{ key }} is not null
            and {{ known_key }} is null
            and (select count(*) from {{ parent_relation }}) > 0
            then '{{ reason }}: {{ key.split(".")[-1] }}'
    end
{%- endmacro %}
