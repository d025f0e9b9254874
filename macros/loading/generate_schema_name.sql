{#- A configured schema is used as it is (`staging`, not `main_staging`), so that names are the same
    in every database. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
