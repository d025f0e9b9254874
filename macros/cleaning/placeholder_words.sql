{#-
    One row with the placeholders of `value_aliases`, for `known_key`: `words` for any key and
    `customer_words` for customer codes, each a text with every word between two chr(31). Returns a
    select.
-#}
{% macro placeholder_words() -%}
    {%- set no_key = "case when value = 'no_key' then lower(alias) end" -%}
    select
        chr(31) || coalesce({{ dbt.listagg(no_key, 'chr(31)') }}, '') || chr(31) as words,
        chr(31) || coalesce({{ dbt.listagg('lower(alias)', 'chr(31)') }}, '') || chr(31)
            as customer_words
    from {{ ref('value_aliases') }}
    where value_kind = 'placeholder'
{%- endmacro %}
