{#-
    A number as a sentence shows it: a share as a percentage, money with cents or without, others
    without needless decimals.

    number: SQL number expression; unit: SQL expression of its unit in `metrics`. Returns text; null
    if the number is.
-#}
{% macro number_text(number, unit) -%}
    case
        when {{ unit }} = 'base currency' and {{ number }} != round({{ number }}, 0)
            then {{ engine('grouped_digits', number, 2) }}
        else
            rtrim(rtrim(
                case
                    when {{ unit }} = 'rate' then {{ engine('grouped_digits', '100 * ' ~ number, 2) }}
                    when abs({{ number }}) < 10 then {{ engine('grouped_digits', number, 3) }}
                    else {{ engine('grouped_digits', number, 2) }}
                end, '0'
            ), '.') || case when {{ unit }} = 'rate' then '%' else '' end
    end
{%- endmacro %}
