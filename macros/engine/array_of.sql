{#-
    An array of values of one type, and below it one of its items. Engines write arrays differently.

    values: list of SQL expressions; array: SQL expression; position: SQL of a number from 1 on, null for
    a null item.
    Example: array_item(array_of(['cast(a as double)', 'cast(b as double)']), 2) is b.
-#}
{% macro array_of(values) -%}
    {{ return(adapter.dispatch('array_of', 'strata')(values)) }}
{%- endmacro %}

{% macro default__array_of(values) -%}
    array[{{ values | join(', ') }}]
{%- endmacro %}

{% macro duckdb__array_of(values) -%}
    [{{ values | join(', ') }}]
{%- endmacro %}

{% macro spark__array_of(values) -%}
    array({{ values | join(', ') }})
{%- endmacro %}

{% macro array_item(array, position) -%}
    {{ return(adapter.dispatch('array_item', 'strata')(array, position)) }}
{%- endmacro %}

{% macro default__array_item(array, position) -%}
    {{ array }}[{{ position }}]
{%- endmacro %}

{% macro spark__array_item(array, position) -%}
    try_element_at({{ array }}, {{ position }})
{%- endmacro %}
