{#-
    Decides what becomes of every raw row: `kept` (the newest usable version of its key),
    `older_version` (superseded, or an exact duplicate) or `rejected`. At equal `updated_at` and
    other content the row whose text sorts first is kept and the others are `conflicting_duplicate`.

    relation: CTE with columns source_key, updated_at, row_text and rejection_reason (null if the row
    is usable); raw_columns: list of columns that `row_text` was made from; columns: list of columns to
    pass on. Returns a select of source_key, the columns, updated_at, raw_values (null unless rejected),
    row_fate and rejection_reason.
-#}
{% macro row_fates(relation, raw_columns, columns) -%}
    select
        source_key,
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        updated_at,
        case when row_fate = 'rejected' then {{ raw_values('row_text', raw_columns) }} end as raw_values,
        row_fate,
        case
            when rejection_reason is null and row_fate = 'rejected' then 'conflicting_duplicate'
            else rejection_reason
        end as rejection_reason
    from (
        select
            *,
            case
                when rejection_reason is not null then 'rejected'
                when version_number = 1 then 'kept'
                when updated_rank = 1 and content_rank > 1 then 'rejected'
                else 'older_version'
            end as row_fate
        from (
            select
                *,
                row_number() over (
                    partition by source_key, rejection_reason is null
                    order by updated_at desc nulls last, row_text
                ) as version_number,
                rank() over (
                    partition by source_key, rejection_reason is null
                    order by updated_at desc nulls last, row_text
                ) as content_rank,
                rank() over (
                    partition by source_key, rejection_reason is null
                    order by updated_at desc nulls last
                ) as updated_rank
            from {{ relation }}
        ) as ranked
    ) as fated
{%- endmacro %}
