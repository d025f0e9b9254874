{#- Today in `var('business_time_zone')`. Only `stg_strata__run_limits` may call it. Returns date. -#}
{% macro current_business_date() %}
    {{- return(adapter.dispatch('current_business_date')()) -}}
{% endmacro %}

{% macro default__current_business_date() -%}
    cast(current_timestamp at time zone '{{ var("business_time_zone") }}' as date)
{%- endmacro %}
