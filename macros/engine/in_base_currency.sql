{#-
    An amount in the base currency, rounded to four places.

    amount: decimal(18, 4); exchange_rate: decimal(28, 8), as in `stg_reference__exchange_rates`. Returns
    decimal(18, 4).
-#}
{% macro in_base_currency(amount, exchange_rate) %}
    {{- return(adapter.dispatch('in_base_currency')(amount, exchange_rate)) -}}
{% endmacro %}

{% macro default__in_base_currency(amount, exchange_rate) -%}
    cast({{ amount }} * {{ exchange_rate }} as decimal(18, 4))
{%- endmacro %}

{#-
    DuckDB takes microseconds to round the product of long decimals, and nanoseconds for that of short
    ones, which has room for less than a million. The product of doubles only chooses the way; both
    ways lead to the same amount.
-#}
{% macro duckdb__in_base_currency(amount, exchange_rate) -%}
    case
        when {{ exchange_rate }} = 1 then {{ amount }}
        when {{ exchange_rate }} < 1000000
            and abs(cast({{ amount }} as double) * cast({{ exchange_rate }} as double)) < 999999
            then
                cast(
                    cast({{ amount }} as decimal(18, 4)) * cast({{ exchange_rate }} as decimal(18, 8))
                    as decimal(18, 4)
                )
        else {{ default__in_base_currency(amount, exchange_rate) }}
    end
{%- endmacro %}
