{#-
    UTC timestamp of an ISO text, null if it is none or one that stands for an empty one
    (`is_sentinel_date`). With an offset the offset counts; without one the text is in
    `var('business_time_zone')`.

    iso_text: column made by `iso_timestamp_text`. Returns timestamp (UTC, without zone).
-#}
{% macro utc_timestamp(iso_text) %}
    {{- return(adapter.dispatch('utc_timestamp')(iso_text)) -}}
{% endmacro %}

{#-
    `cast(... as timestamp)` drops an offset without a word; `timestamptz` honours it. The commonest
    notation is told by its shape first, and the moment is taken as microseconds, since a cast back
    from `timestamptz` asks the time zone tables again.
-#}
{% macro duckdb__utc_timestamp(iso_text) -%}
    {%- set local_time -%}
        make_timestamp(epoch_us(
                try_cast({{ iso_text }} as timestamp) at time zone '{{ var("business_time_zone") }}'
            ))
    {%- endset -%}
    case
        when {{ is_sentinel_date(iso_text) }} then null
        when {{ iso_text }} like '____-__-__ __:__:__' then
            {{ local_time }}
        -- Casts also read words such as infinity and epoch, and take CST for Chicago.
        when {{ iso_text }} not like '____-%' or {{ has_zone_abbreviation(iso_text) }} then null
        when {{ has_utc_offset(iso_text) }} then
            make_timestamp(epoch_us(try_cast({{ iso_text }} as timestamptz)))
        else
            {{ local_time }}
    end
{%- endmacro %}
