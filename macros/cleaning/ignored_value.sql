{#-
    The values of a row that are set aside while the row is kept: raw columns that hold something and
    come to nothing once cleaned. Names joined by a comma; null if there are none.

    relation: CTE with the columns of `raw_copies`; columns: dict of raw column to the SQL expression of
    its cleaned value. Returns text.
-#}
{% macro ignored_value(relation, columns) -%}
    {%- if columns -%}
    nullif(concat_ws(
            ', '
            {%- for column, cleaned in columns.items() -%},
            case
                when {{ cleaned }} is null
                    then case
                        when {{ clean_key(relation ~ '.raw_' ~ column) }} is not null then '{{ column }}'
                    end
            end
            {%- endfor %}
        ), '')
    {%- else -%}
    cast(null as varchar)
    {%- endif -%}
{%- endmacro %}
