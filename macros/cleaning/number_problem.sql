{#-
    What is wrong with a number text, as a problem (see `row_fates`); null if nothing is, or if it is
    missing.

    number_text: cleaned text, column `<raw column>_text`; number: the number read from it, null if unreadable;
    negative_reason: reason for a number below zero. Returns text.
-#}
{% macro number_problem(number_text, number, negative_reason='negative_amount') -%}
    {%- set column = number_text.split('.')[-1] | replace('_text', '') -%}
    case
        when {{ number }} is null and regexp_matches({{ number_text }}, '^-?\d{1,3}([.,'' ]\d{3})+([.,]\d+)?$')
            then 'thousands_separator: {{ column }}'
        when {{ number }} is null and {{ number_text }} is not null then 'unreadable_amount: {{ column }}'
        when {{ number }} < 0 then '{{ negative_reason }}: {{ column }}'
    end
{%- endmacro %}
