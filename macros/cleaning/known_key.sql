{#-
    A key as it is joined on (`clean_key`), null if it is a placeholder such as N/A or guest: a word
    that stands for no key. A customer code may not be 0 or walk-in either.

    The model must cross join `stg_reference__placeholders` as placeholders.

    column: raw column, for example `customer_code`. Returns text.
-#}
{% macro known_key(column) -%}
    {%- set words = 'customer_words' if column == 'customer_code' else 'words' -%}
    case
        -- The quick look: few keys are found anywhere among the words.
        when position(lower({{ clean_key(column) }}) in placeholders.{{ words }}) = 0
            then {{ clean_key(column) }}
        when position(chr(31) || lower({{ clean_key(column) }}) || chr(31) in placeholders.{{ words }}) = 0
            then {{ clean_key(column) }}
    end
{%- endmacro %}
