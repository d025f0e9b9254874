{#-
    The first e-mail address in a text, in lower case, or null if there is none. `mailto:`, a name and
    angle brackets around it, a full stop after it and a second address stay behind;
    `ignored_contact` says whether something else did.

    expression: SQL text expression. Returns text.
    Example: `{{ '{{ clean_email("email") }}' }}` turns 'Ann <Ann@X.com>; bo@x.com' into 'ann@x.com'.
-#}
{% macro clean_email(expression) -%}
    {%- set separators = '\\s\\\\<>()\\[\\],;:"/|、“”' -%}
    {%- set before = "(^|[" ~ separators ~ "''])" -%}
    {%- set local = "[^@" ~ separators ~ "''][^@" ~ separators ~ "]*" -%}
    {%- set label = '[^\\s!-,./:-@\\[-^`{-~、“”]+' -%}
    {%- set last_label = '(xn--[a-z0-9-]+|[a-z]{2,}|[^\\s -~、“”]{2,})' -%}
    case
        when regexp_matches(
            {{ expression }}, '^[A-Za-z0-9][A-Za-z0-9._+-]*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$'
        )
            then lower({{ expression }})
        else coalesce(
            nullif(
                regexp_extract(
                    replace(lower({{ clean_key(expression) }}), '。', '.'),
                    '{{ before }}({{ local }}@({{ label }}\.)+{{ last_label }})($|[^a-z0-9@_-])', 2
                ),
                ''
            ),
            -- One that is misspelt still tells whose it is.
            case
                when regexp_matches(
                    {{ clean_key(expression) }},
                    '^[^@{{ separators }}]+@[^@{{ separators }}]+\.[^@.{{ separators }}]+$'
                )
                    then lower({{ clean_key(expression) }})
            end
        )
    end
{%- endmacro %}
