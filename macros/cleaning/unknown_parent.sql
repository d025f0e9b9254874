{#-
    What is wrong with a row that names a parent row which is missing or unusable, as a problem (see
    `deduplicate_and_reject`); null if it names none, or if the parent's table is not loaded at all:
    then nobody can know.

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
