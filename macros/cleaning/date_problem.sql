{#-
    What is wrong with a date text, as a rejection reason; null if nothing is.

    iso_text: column made by `iso_timestamp_text`; date: the date read from it, null if unreadable;
    last_date: latest date that the run accepts. Returns text.
-#}
{% macro date_problem(iso_text, date, last_date) -%}
    case
        when {{ iso_text }} not like '____-%'
            and regexp_matches({{ iso_text }}, '^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}')
            then 'ambiguous_date'
        when {{ date }} is null then 'unreadable_date'
        when {{ date }} > {{ last_date }} then 'future_date'
    end
{%- endmacro %}
