{#-
    Host of a website's address in lower case, without www.; null if the text is no such address.

    column: a text column, as in `https://www.example.com/about` or `example.com`. Returns text.
-#}
{% macro website_domain(column) -%}
    nullif(regexp_extract(
        lower({{ clean_key(column) }}),
        '^([a-z]+://)?(www\.)?([^\s/?#@:,;]+\.[^\s/?#@:,;]+)([/?#:].*)?$', 3
    ), '')
{%- endmacro %}
