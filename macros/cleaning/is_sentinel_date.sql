{#-
    Whether a text is a date that programs write for an empty one: up to 1900-01-01 (the zero of
    spreadsheets and databases), 1970-01-01 (the zero of computer clocks) and the day before, on which
    it falls further west, and from 2900 on. Years 2000 to 2099 take one look.

    iso_text: column made by `iso_timestamp_text`. Returns boolean.
-#}
{% macro is_sentinel_date(iso_text) -%}
    (
        {{ iso_text }} not like '20%'
        and regexp_matches(
            {{ iso_text }},
            '^(0[0-9]{3}-|1[0-8][0-9]{2}-|1900-0?1-0?[01]($|[T ])|1969-12-31|1970-0?1-0?1($|[T ])|(29|[3-9][0-9])[0-9]{2}-)'
        )
    )
{%- endmacro %}
