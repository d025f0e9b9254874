{#-
    Decides what becomes of every raw row: `kept` (the newest usable version of its key),
    `older_version` (superseded, or an exact duplicate) or `rejected`. At equal `updated_at` and
    other content the row whose text sorts first is kept and the others are `conflicting_duplicate`.

    source_relation: the source table; relation: CTE made from it, with columns source_key, updated_at,
    those of `raw_copies` and problem, the rejection reason and the raw column at fault as one text
    (`unknown_status: status`), null if the row is usable; raw_columns: list of the copied columns, the
    key first; columns: list of columns to pass on. Returns a select of source_key, the columns,
    updated_at, row_fate and, null unless rejected, raw_values, rejection_reason and rejected_column.
-#}
{% macro row_fates(source_relation, relation, raw_columns, columns) -%}
    -- Few keys have more than one row: only those are ranked, and only they need their text.
    with repeated_keys as (
        select {{ clean_key(raw_columns[0]) }} as source_key
        from {{ source_relation }}
        group by {{ clean_key(raw_columns[0]) }}
        having count(*) > 1
    ),

    flagged as (
        select
            {{ relation }}.source_key,
            {% for column in columns -%}
            {{ relation }}.{{ column }},
            {% endfor -%}
            {{ relation }}.updated_at,
            {{ relation }}.problem,
            case
                when repeated_keys.source_key is not null or {{ relation }}.problem is not null
                    then {{ row_text(relation, raw_columns) }}
            end as row_text,
            repeated_keys.source_key is not null as is_repeated
        from {{ relation }}
        left join repeated_keys
            on {{ relation }}.source_key = repeated_keys.source_key
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by source_key, problem is null
                order by updated_at desc nulls last, row_text
            ) as version_number,
            rank() over (
                partition by source_key, problem is null
                order by updated_at desc nulls last, row_text
            ) as content_rank,
            rank() over (
                partition by source_key, problem is null
                order by updated_at desc nulls last
            ) as updated_rank
        from flagged
        where is_repeated
    ),

    versions as (
        select
            source_key,
            {% for column in columns -%}
            {{ column }},
            {% endfor -%}
            updated_at,
            row_text,
            case
                when problem is not null then 'rejected'
                when version_number = 1 then 'kept'
                when updated_rank = 1 and content_rank > 1 then 'rejected'
                else 'older_version'
            end as row_fate,
            problem
        from ranked

        union all

        select
            source_key,
            {% for column in columns -%}
            {{ column }},
            {% endfor -%}
            updated_at,
            row_text,
            case when problem is null then 'kept' else 'rejected' end as row_fate,
            problem
        from flagged
        where not is_repeated
    )

    select
        source_key,
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        updated_at,
        case when row_fate = 'rejected' then {{ raw_values('row_text', raw_columns) }} end as raw_values,
        row_fate,
        case
            when problem is not null then split_part(problem, ': ', 1)
            when row_fate = 'rejected' then 'conflicting_duplicate'
        end as rejection_reason,
        case
            when problem is not null then split_part(problem, ': ', 2)
            when row_fate = 'rejected' then '{{ raw_columns[0] }}'
        end as rejected_column
    from versions
{%- endmacro %}
