{#-
    Makes dbt's own `dbt.safe_cast` safe on DuckDB, where the adapter leaves it a plain cast: a text
    that cannot be cast becomes null instead of stopping the run.

    field: SQL expression; type: SQL type. Called as `dbt.safe_cast(field, type)`.
-#}
{% macro duckdb__safe_cast(field, type) -%}
    try_cast({{ field }} as {{ type }})
{%- endmacro %}
