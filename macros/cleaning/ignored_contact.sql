{#-
    The name of a contact column of which something was set aside: the whole text, if nothing in it is
    usable, or what stands beside the value that was taken (a second address, an extension, a name).
    Null if only blanks and punctuation were.

    relation: CTE with `raw_<column>` (see `raw_copies`) and the cleaned column; column: its name; kind:
    email or phone. Returns text.
-#}
{% macro ignored_contact(relation, column, kind) -%}
    {%- set raw = relation ~ '.raw_' ~ column -%}
    {%- set value = relation ~ '.' ~ column -%}
    {%- set letter_or_digit = "'[^\\s!-/:-@\\[-`{-~、。“”]'" -%}
    case
        when {{ raw }} is null or lower({{ raw }}) = {{ value }} then null
        when {{ value }} is null
            then case when regexp_matches({{ raw }}, {{ letter_or_digit }}) then '{{ column }}' end
        {%- if kind == 'email' %}
        when regexp_matches(
            replace(
                replace(replace(lower({{ clean_key(raw) }}), '。', '.'), {{ value }}, ' '),
                'mailto:', ''
            ),
            {{ letter_or_digit }}
        )
            then '{{ column }}'
        {%- else %}
        when {{ engine('phone_rest', clean_text(raw)) }} then '{{ column }}'
        {%- endif %}
    end
{%- endmacro %}
