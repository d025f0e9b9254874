{#-
    A number as a sentence shows it: a share as a percentage, money with cents or without, others
    without needless decimals.

    number: SQL number expression; unit: SQL expression of its unit in `metrics`. Returns text; null
    if the number is.
-#}
{% macro number_text(number, unit) -%}
    case
        when {{ unit }} = 'rate'
            then {{ _without_zeros(engine('grouped_digits', '100 * ' ~ number, 2)) }} || '%'
        when {{ unit }} = 'base currency' and {{ number }} != round({{ number }}, 0)
            then {{ engine('grouped_digits', number, 2) }}
        when abs({{ number }}) < 10
            then {{ _without_zeros(engine('grouped_digits', number, 3)) }}
        else {{ _without_zeros(engine('grouped_digits', number, 2)) }}
    end
{%- endmacro %}

{% macro _without_zeros(text) -%}
    rtrim(rtrim({{ text }}, '0'), '.')
{%- endmacro %}
