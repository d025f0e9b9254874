{#-
    Every pair once in each direction.

    pairs: relation with the two keys; left_key, right_key: their columns; columns: further columns
    to pass on. Returns a select of record_key, neighbour_key and the further columns, no row twice.
-#}
{% macro both_directions(
    pairs, left_key='left_record_key', right_key='right_record_key', columns=[]
) -%}
    select
        {{ left_key }} as record_key,
        {{ right_key }} as neighbour_key
        {%- for column in columns %},
        {{ column }}
        {%- endfor %}
    from {{ pairs }}
    union
    select
        {{ right_key }} as record_key,
        {{ left_key }} as neighbour_key
        {%- for column in columns %},
        {{ column }}
        {%- endfor %}
    from {{ pairs }}
{%- endmacro %}
