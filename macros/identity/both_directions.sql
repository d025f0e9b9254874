{#-
    Every edge once in each direction, as `connected_components` wants them.

    edges: CTE with left_key and right_key. Returns a select of record_key and neighbour_key.
-#}
{% macro both_directions(edges, left_key='left_record_key', right_key='right_record_key') -%}
    select
        {{ left_key }} as record_key,
        {{ right_key }} as neighbour_key
    from {{ edges }}
    union
    select
        {{ right_key }} as record_key,
        {{ left_key }} as neighbour_key
    from {{ edges }}
{%- endmacro %}
