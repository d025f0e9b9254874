{#-
    The end of every base model: decides what becomes of every raw row. `kept` is the newest usable
    version of its key, `older_version` a superseded one or an exact duplicate, `rejected` the rest.
    At equal `updated_at` and other content the row whose text sorts first is kept and the others are
    `conflicting_duplicate`.

    It checks what every table has: a missing key comes before the problem that the model found, an
    unreadable `updated_at` after it. A row whose key, or whose first value if the key is missing, is a
    word for a sum (Total, 合计) and that holds nothing else but numbers is the trailing line of a
    report: `total_row`.

    source_relation: the source table; relation: CTE made from it, with the columns of `raw_copies`, the
    key, updated_at_text (made by `iso_timestamp_text`), ignored_value (made by the macro of that name)
    and problem: the rejection reason and the raw column at fault as one text
    (`unknown_status: status`), null if the row is usable; raw_columns: list of the copied columns, the
    key first; columns: list of columns to pass on.
    Returns a select of source_key, the columns, ignored_value (null if rejected), updated_at,
    row_status and, null unless rejected, raw_values, rejection_reason and rejected_column.

    Example: `{{ '{{ deduplicate_and_reject(source("crm", "owners"), "checked", raw_columns, ["owner_id"]) }}' }}`
-#}
{% macro deduplicate_and_reject(source_relation, relation, raw_columns, columns) -%}
{%- set key = raw_columns[0] %}
    -- Few keys have more than one row: only those are ranked, and only they need their text.
    with repeated_keys as (
        select {{ clean_key(key) }} as source_key
        from {{ source_relation }}
        group by {{ clean_key(key) }}
        having count(*) > 1
    ),

    total_words as (
        select distinct word
        from {{ ref('stg_reference__value_aliases') }}
        where value_kind = 'total'
    ),

    dated as (
        select
            {{ relation }}.*,
            {{ relation }}.{{ key }} as source_key,
            {{ utc_timestamp(relation ~ '.updated_at_text') }} as updated_at
        from {{ relation }}
    ),

    judged as (
        select
            dated.*,
            case
                when dated.source_key is null then 'missing_key: {{ key }}'
                when dated.problem is not null then dated.problem
                else {{ date_problem(
                    'dated.updated_at_text', required=false, date='dated.updated_at'
                ) }}
            end as row_problem,
            -- Few keys end in a letter: only those are looked up.
            case
                when dated.source_key is null then
                    coalesce(
                        {%- for column in raw_columns %}
                        nullif(trim(dated.raw_{{ column }}), ''){{ ',' if not loop.last }}
                        {%- endfor %}
                    )
                when right(dated.source_key, 1) > '9' then dated.source_key
            end as possible_total
        from dated
    ),

    flagged as (
        select
            judged.source_key,
            {% for column in columns -%}
            judged.{{ column }},
            {% endfor -%}
            judged.ignored_value,
            judged.updated_at,
            case
                when total_words.word is null then judged.row_problem
                when regexp_replace(
                    {{ clean_word("concat_ws('', judged.raw_" ~ raw_columns | join(", judged.raw_") ~ ")") }},
                    '[0-9.,:;%¥$€£()+/*]', '', 'g'
                ) = total_words.word
                    then 'total_row: {{ key }}'
                else judged.row_problem
            end as problem,
            case
                when repeated_keys.source_key is not null
                    or judged.row_problem is not null
                    or total_words.word is not null
                    -- All raw values in one text: equal for rows of equal content.
                    then concat_ws(
                        chr(31){% for column in raw_columns %}, coalesce(judged.raw_{{ column }}, chr(30)){% endfor %}
                    )
            end as row_text,
            repeated_keys.source_key is not null as is_repeated
        from judged
        left join repeated_keys
            on judged.source_key = repeated_keys.source_key
        left join total_words
            on replace({{ clean_word('judged.possible_total') }}, ':', '') = total_words.word
    ),

    -- The versions of one key, usable and unusable ones apart: an unusable row displaces nothing.
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

        union all

        select
            *,
            1 as version_number,
            1 as content_rank,
            1 as updated_rank
        from flagged
        where not is_repeated
    ),

    decided as (
        select
            *,
            case
                when problem is not null then 'rejected'
                when version_number = 1 then 'kept'
                when updated_rank = 1 and content_rank > 1 then 'rejected'
                else 'older_version'
            end as row_status
        from ranked
    )

    select
        source_key,
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        case when row_status <> 'rejected' then ignored_value end as ignored_value,
        updated_at,
        case when row_status = 'rejected' then {{ engine('raw_values', 'row_text', raw_columns) }} end
            as raw_values,
        row_status,
        case
            when problem is not null then split_part(problem, ': ', 1)
            when row_status = 'rejected' then 'conflicting_duplicate'
        end as rejection_reason,
        case
            when problem is not null then split_part(problem, ': ', 2)
            when row_status = 'rejected' then '{{ key }}'
        end as rejected_column
    from decided
{%- endmacro %}
