{#-
    Problem of the column `currency` of a row (see `deduplicate_and_reject`); null if
    there is none.

    rates: relation left-joined from `stg_reference__exchange_rates`. Returns text.
-#}
{% macro currency_problem(rates) -%}
    case
        when {{ rates }}.currency_code is null then 'unknown_currency: currency'
        when {{ rates }}.exchange_rate is null then 'missing_exchange_rate: currency'
    end
{%- endmacro %}
