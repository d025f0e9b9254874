-- one row: the words that stand for no key, in one text each, as `known_key` searches them
{% set no_key = "case when value = 'no_key' then lower(alias) end" %}
select
    chr(31) || coalesce({{ dbt.listagg(no_key, 'chr(31)') }}, '') || chr(31) as words,
    chr(31) || coalesce({{ dbt.listagg('lower(alias)', 'chr(31)') }}, '') || chr(31)
        as customer_words
from {{ ref('value_aliases') }}
where value_kind = 'placeholder'
