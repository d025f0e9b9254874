{#-
    Whether an ISO text names its own zone: a sign, a Z or a zone name after the date and the T.

    iso_text: column made by `iso_timestamp_text`. Returns boolean.
-#}
{% macro has_utc_offset(iso_text) -%}
    regexp_matches(substr({{ iso_text }}, 12), '[-+A-Za-z]')
{%- endmacro %}
