{% macro generate_schema_name(custom_schema_name, node) %}
    {{- custom_schema_name or target.schema -}}
{% endmacro %}

{% macro prepare_raw() %}
    {% if execute %}
        {% do run_query("create schema if not exists raw") %}
        {% set file = var('raw_data_dir') ~ '/erp_orders.csv' %}
        {% set columns = run_query("select column_name from (describe from read_csv('" ~ file ~ "'))").columns[0].values() %}
        {% if 'ordered_at' not in columns %}
            {{ exceptions.raise_compiler_error("erp_orders.csv has no column ordered_at: add it") }}
        {% endif %}
        {% do run_query("create or replace view raw.erp_orders as from read_csv('" ~ file ~ "', all_varchar = true)") %}
    {% endif %}
{% endmacro %}
