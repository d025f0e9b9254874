{#-
    Business date of an ISO text: the day in `var('business_time_zone')` on which the moment falls.

    iso_text: column made by `iso_timestamp_text`. Returns date, null if the text is no timestamp or one
    that stands for an empty one (`is_sentinel_date`).
-#}
{% macro business_date(iso_text) -%}
    {{ iso_moment(iso_text, engine('local_date', iso_text), engine('zoned_date', iso_text)) }}
{%- endmacro %}
