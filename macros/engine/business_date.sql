{#-
    Business date of an ISO text: the day in `var('business_time_zone')` on which the moment falls.

    iso_text: column made by `iso_timestamp_text`. Returns date, null if the text is no timestamp or one
    that stands for an empty one (`is_sentinel_date`).
-#}
{% macro business_date(iso_text) %}
    {{- return(adapter.dispatch('business_date')(iso_text)) -}}
{% endmacro %}

{% macro duckdb__business_date(iso_text) -%}
    case
        when {{ is_sentinel_date(iso_text) }} then null
        when {{ iso_text }} like '____-__-__ __:__:__' then
            cast(try_cast({{ iso_text }} as timestamp) as date)
        -- Casts also read words such as infinity and epoch, and take CST for Chicago.
        when {{ iso_text }} not like '____-%' or {{ has_zone_abbreviation(iso_text) }} then null
        when {{ has_utc_offset(iso_text) }} then
            cast(
                try_cast({{ iso_text }} as timestamptz) at time zone '{{ var("business_time_zone") }}'
                as date
            )
        else cast(try_cast({{ iso_text }} as timestamp) as date)
    end
{%- endmacro %}
