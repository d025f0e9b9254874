{#-
    A count or an amount of `customer_metrics_history`: 0 for a customer without a row if any row of
    the source table is tied to a customer, null if none is, so that absent is never zero.

    column: column of a left-joined model; source_table: table of the source contract, for which the
    query joins `int_source_presence` as presence. Returns SQL of the column's type.
-#}
{% macro zero_if_loaded(column, source_table) -%}
    case when presence.has_{{ source_table }} then coalesce({{ column }}, 0) end
{%- endmacro %}
