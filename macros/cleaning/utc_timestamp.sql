{#-
    UTC timestamp of an ISO text, null if it is none or one that stands for an empty one
    (`is_sentinel_date`). With an offset the offset counts; without one the text is in
    `var('business_time_zone')`.

    iso_text: column made by `iso_timestamp_text`. Returns timestamp (UTC, without zone).
-#}
{% macro utc_timestamp(iso_text) -%}
    {{ iso_moment(
        iso_text, engine('local_timestamp', iso_text), engine('zoned_timestamp', iso_text)
    ) }}
{%- endmacro %}
