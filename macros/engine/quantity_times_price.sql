{#-
    What a quantity comes to at a price, rounded to four places.

    quantity, unit_price: decimal(18, 4). Returns decimal(18, 4).
-#}
{% macro quantity_times_price(quantity, unit_price) %}
    {{- return(adapter.dispatch('quantity_times_price')(quantity, unit_price)) -}}
{% endmacro %}

{% macro default__quantity_times_price(quantity, unit_price) -%}
    cast(cast({{ quantity }} as decimal(28, 4)) * {{ unit_price }} as decimal(18, 4))
{%- endmacro %}

{#-
    DuckDB multiplies two short decimals as a short one, which is quick and overflows at ten billion.
    The product of doubles only chooses the way; both ways lead to the same amount.
-#}
{% macro duckdb__quantity_times_price(quantity, unit_price) -%}
    case
        when abs(cast({{ quantity }} as double) * cast({{ unit_price }} as double)) < 9999999999
            then cast({{ quantity }} * {{ unit_price }} as decimal(18, 4))
        else {{ default__quantity_times_price(quantity, unit_price) }}
    end
{%- endmacro %}
