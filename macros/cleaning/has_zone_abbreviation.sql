{#-
    Whether the zone that an ISO text names is an abbreviation, which may mean several zones; UTC has
    become Z, and those of the business time zone are gone.

    iso_text: column made by `iso_timestamp_text`. Returns boolean.
-#}
{% macro has_zone_abbreviation(iso_text) -%}
    (
        right({{ iso_text }}, 1) >= 'A'
        and {{ iso_text }} not like '%/%'
        and regexp_matches({{ iso_text }}, '[A-Za-z]{2}$')
    )
{%- endmacro %}
