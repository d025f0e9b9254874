{#-
    The values of a row that are set aside while the row is kept: raw columns that hold something and
    come to nothing once cleaned, and contact columns that hold more than what was taken. Names joined
    by a comma; null if there are none.

    relation: CTE with the columns of `raw_copies`; columns: raw columns whose cleaned values are columns
    of `relation` by the same names, or a dict of raw column to the SQL expression of its cleaned value;
    contacts: dict of contact column to its kind, as `ignored_contact` takes it.
    Returns text.
-#}
{% macro ignored_value(relation, columns=[], contacts={}) -%}
    {%- if columns or contacts -%}
    nullif(concat_ws(
            ', '
            {%- for column in columns -%},
            case
                when {{ columns[column] if columns is mapping else relation ~ '.' ~ column }} is null
                    then case
                        when {{ clean_key(relation ~ '.raw_' ~ column) }} is not null then '{{ column }}'
                    end
            end
            {%- endfor %}
            {%- for column, kind in contacts.items() -%},
            {{ ignored_contact(relation, column, kind) }}
            {%- endfor %}
        ), '')
    {%- else -%}
    cast(null as varchar)
    {%- endif -%}
{%- endmacro %}
