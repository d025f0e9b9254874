{#-
    Problem of a row with a missing or unusable parent row (see `deduplicate_and_reject`); null if it
    names no parent, or if the parent's table is not loaded.

    relation: CTE with the column that names the parent; parent_key: the column of the same name,
    left-joined from the parent's kept rows, which gives the reason (unknown_account of
    `accounts.account_id`); parent_relation: the parent's base table. Returns text.
-#}
{% macro unknown_parent(relation, parent_key, parent_relation) -%}
    {%- set column = parent_key.split('.')[-1] -%}
    case
        when {{ relation }}.{{ column }} is not null
            and {{ parent_key }} is null
            and (select count(*) from {{ parent_relation }}) > 0
            then 'unknown_{{ column | replace("_id", "") }}: {{ column }}'
    end
{%- endmacro %}
