{#-
    What is wrong with a date text, as a problem (see `row_fates`); null if nothing is.

    iso_text: column `<raw column>_text` made by `iso_timestamp_text`; date: the date or timestamp read from it, null if
    unreadable; last_date: latest date that the run accepts, none if the date may lie ahead;
    required: whether a missing text is a problem. Returns text.
-#}
{% macro date_problem(iso_text, date, last_date=none, required=true) -%}
    {%- set column = iso_text.split('.')[-1] | replace('_text', '') -%}
    case
        {%- if not required %}
        when {{ iso_text }} is null then null
        {%- endif %}
        when {{ iso_text }} not like '____-%'
            and regexp_matches({{ iso_text }}, '^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}')
            then 'ambiguous_date: {{ column }}'
        when {{ date }} is null then 'unreadable_date: {{ column }}'
        {%- if last_date is not none %}
        when {{ date }} > {{ last_date }} then 'future_date: {{ column }}'
        {%- endif %}
    end
{%- endmacro %}
