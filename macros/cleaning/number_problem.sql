{#-
    Problem of a number text (see `deduplicate_and_reject`); null if there is none or the text is
    missing.

    A number is too large from a trillion on, by itself or times its factor: a hundred of them would
    leave the room of decimal(18, 4), in which amounts are kept.

    number_text: cleaned text, column `<raw column>_text`; negative_reason: reason for a number below
    zero; factor: what the number is multiplied by later on, such as its exchange rate; number: the number
    read from the text, null if unreadable, by default `amount` of `amount_text`. Returns text.
-#}
{% macro number_problem(number_text, negative_reason='negative_amount', factor=none, number=none) -%}
    {%- set number = number or number_text | replace('_text', '') -%}
    {%- set column = number_text.split('.')[-1] | replace('_text', '') -%}
    {%- set limit = '1000000000000' -%}
    case
        when {{ number }} is null
            and regexp_matches(
                {{ number_text }}, '^-?[0-9]{1,3}([.,'' ][0-9]{3})+([.,][0-9]+)?$'
            )
            then 'thousands_separator: {{ column }}'
        -- Written so that infinity and what is not a number stay unreadable.
        when {{ number }} is null
            and abs({{ dbt.safe_cast(number_text, 'double') }}) between {{ limit }} and 1e308
            then 'amount_too_large: {{ column }}'
        when {{ number }} is null and {{ number_text }} is not null
            then 'unreadable_amount: {{ column }}'
        when abs({{ number }}) >= {{ limit }} then 'amount_too_large: {{ column }}'
        {%- if factor is not none %}
        when abs(cast({{ number }} as double) * {{ factor }}) >= {{ limit }}
            then 'amount_too_large: {{ column }}'
        {%- endif %}
        when {{ number }} < 0 then '{{ negative_reason }}: {{ column }}'
    end
{%- endmacro %}
