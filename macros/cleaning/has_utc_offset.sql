{#- A sign or a Z after the ten characters of the date can only be an offset. -#}
{% macro has_utc_offset(iso_text) -%}
    (
        substr({{ iso_text }}, 11) like '%+%'
        or substr({{ iso_text }}, 11) like '%-%'
        or {{ iso_text }} like '%Z'
    )
{%- endmacro %}
