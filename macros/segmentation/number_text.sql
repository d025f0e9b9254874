{#-
    A number as people read it in a sentence: whole numbers without decimals, others with two, rates
    and shares with three.

    number: SQL expression of type double. Returns text.
-#}
{% macro number_text(number) -%}
    case
        when {{ number }} = round({{ number }}, 0) then cast(cast({{ number }} as decimal(18, 0)) as varchar)
        when abs({{ number }}) < 10 then cast(cast({{ number }} as decimal(18, 3)) as varchar)
        else cast(cast({{ number }} as decimal(18, 2)) as varchar)
    end
{%- endmacro %}
