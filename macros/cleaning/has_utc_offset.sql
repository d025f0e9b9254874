{#-
    Whether an ISO text names its own zone: a sign, a Z or a zone name after the date and the T.

    iso_text: column made by `iso_timestamp_text`. Returns boolean.
-#}
{% macro has_utc_offset(iso_text) -%}
    (
        right({{ iso_text }}, 1) >= 'A'
        or substr({{ iso_text }}, 12) like '%+%'
        or substr({{ iso_text }}, 12) like '%-%'
    )
{%- endmacro %}
