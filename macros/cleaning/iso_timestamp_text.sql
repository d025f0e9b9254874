{#-
    A date or timestamp text in ISO order: 2024/3/4, 2024.03.04, 2024年3月4日 and 20240304 become
    2024-3-4, with whatever time follows. Anything else (03/04/2024) comes back as it was.

    expression: SQL text expression. Returns text.
-#}
{% macro iso_timestamp_text(expression) -%}
    case
        when {{ expression }} like '____-%' then {{ expression }}
        else
            regexp_replace(
                regexp_replace(
                    {{ clean_key(expression) }}, '^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?', '\1-\2-\3'
                ),
                '^(\d{4})(\d{2})(\d{2})($|[T ])', '\1-\2-\3\4'
            )
    end
{%- endmacro %}
