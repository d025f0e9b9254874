{#-
    One clock for every snapshot of a run: its start. `build_log` ties it to the as_of_date, which is
    the business time of what a snapshot opens or closes.
-#}
{% macro default__snapshot_get_time() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp)
{%- endmacro %}
