{#-
    A number as a sentence shows it: whole without decimals, small (rates, shares) with three, others
    with two.

    number: SQL number expression. Returns text; null if the number is.
-#}
{% macro number_text(number) -%}
    case
        when {{ number }} = round({{ number }}, 0)
            then cast(cast({{ number }} as decimal(18, 0)) as varchar)
        when abs({{ number }}) < 10
            then cast(cast({{ number }} as decimal(18, 3)) as varchar)
        else cast(cast({{ number }} as decimal(18, 2)) as varchar)
    end
{%- endmacro %}
