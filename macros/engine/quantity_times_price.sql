{#-
    What a quantity comes to at a price. The quantity is made a long decimal first: DuckDB multiplies
    two short decimals as a short one, which overflows at ten billion.

    quantity, unit_price: decimal(18, 4). Returns decimal(18, 4).
-#}
{% macro quantity_times_price(quantity, unit_price) -%}
    cast(cast({{ quantity }} as decimal(28, 4)) * {{ unit_price }} as decimal(18, 4))
{%- endmacro %}
