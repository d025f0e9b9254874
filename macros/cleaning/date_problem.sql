{#-
    Problem of a date text (see `deduplicate_and_reject`); null if there is none.

    iso_text: column `<raw column>_text` made by `iso_timestamp_text`; last_date: latest date that the run
    accepts, none if the date may lie ahead; required: whether a missing text, or a date that stands for
    an empty one, is a problem; date: the date or timestamp read from the text, null if unreadable, by
    default `opened_date` of `opened_at_text` and `end_date` of `end_date_text`. Returns text.
-#}
{% macro date_problem(iso_text, last_date=none, required=true, date=none) -%}
    {%- set date = date or iso_text | replace('_at_text', '_date') | replace('_text', '') -%}
    {%- set column = iso_text.split('.')[-1] | replace('_text', '') -%}
    case
        {%- if required %}
        when {{ is_sentinel_date(iso_text) }} then 'sentinel_date: {{ column }}'
        {%- else %}
        when {{ iso_text }} is null or {{ is_sentinel_date(iso_text) }} then null
        {%- endif %}
        when {{ iso_text }} not like '____-%'
            and regexp_matches({{ iso_text }}, '^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}')
            then 'ambiguous_date: {{ column }}'
        -- All can be read but the zone.
        when {{ date }} is null
            and regexp_matches({{ iso_text }}, ':.*[0-9] ?[A-Za-z][A-Za-z_/]*([+-][0-9:]+)?$')
            and upper(right({{ iso_text }}, 2)) not in ('AM', 'PM')
            and {{ dbt.safe_cast(
                "regexp_replace(" ~ iso_text ~ ", ' ?[A-Za-z][A-Za-z_/]*([+-][0-9:]+)?$', '')",
                'timestamp'
            ) }} is not null
            then 'unknown_time_zone: {{ column }}'
        when {{ date }} is null then 'unreadable_date: {{ column }}'
        {%- if last_date is not none %}
        when {{ date }} > {{ last_date }} then 'future_date: {{ column }}'
        {%- endif %}
    end
{%- endmacro %}
