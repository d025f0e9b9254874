{#-
    Timestamp of an ISO text: one of two readings, or null if the text is no timestamp or stands for
    an empty value. The most common notation is recognised first, by its shape.

    iso_text: column made by `iso_timestamp_text`; local_reading: SQL expression for a text that names
    no zone; zoned_reading: for one that does, by a sign, a Z or a zone name after the date and the T.
    An abbreviation may mean several zones, so such a text is no moment; UTC has become Z, and the
    abbreviations of the business time zone are gone.
-#}
{% macro iso_moment(iso_text, local_reading, zoned_reading) -%}
    case
        when {{ is_sentinel_date(iso_text) }} then null
        when {{ iso_text }} like '____-__-__ __:__:__' then
            {{ local_reading }}
        -- Casts also read words such as infinity and epoch, and take CST for Chicago.
        when {{ iso_text }} not like '____-%' or (
            right({{ iso_text }}, 1) >= 'A'
            and {{ iso_text }} not like '%/%'
            and regexp_matches({{ iso_text }}, '[A-Za-z]{2}$')
        ) then null
        when (
            right({{ iso_text }}, 1) >= 'A'
            or substr({{ iso_text }}, 12) like '%+%'
            or substr({{ iso_text }}, 12) like '%-%'
        ) then
            {{ zoned_reading }}
        else
            {{ local_reading }}
    end
{%- endmacro %}
