{#-
    Connected components by smallest label, in a fixed number of rounds, without recursion, so that
    they run on any engine.

    In a round every record looks at the label of its label (pointer jumping) and at those of its
    neighbours, takes the smallest one, and hands it to the record that it was labelled with, so that
    a whole group moves at once and the number of rounds grows with the logarithm of a cluster's size,
    whatever the order of its keys.

    links: CTE (record_key, neighbour_key) with every edge in both directions; name: name of the CTE
    made; rounds: eight reach every component of 200 records in a row. Returns CTEs, the last named
    `name` with record_key, component_key (its smallest record key) and is_unfinished: whether the
    component is larger than the rounds reach, so that component_key covers only a part of it.
-#}
{% macro connected_components(links, name, rounds=8) -%}
    {{ name }}_round_0_labels as (
        select
            record_key,
            record_key as label
        from {{ links }}
        group by record_key
    ),

    {% for number in range(1, rounds + 1) -%}
    {%- set labels = name ~ '_round_' ~ (number - 1) ~ '_labels' -%}
    {%- set round = name ~ '_round_' ~ number -%}
    {{ round }}_jumped as (
        select
            {{ labels }}.record_key,
            {{ labels }}.label,
            jumped.label as far_label
        from {{ labels }}
        inner join {{ labels }} as jumped
            on {{ labels }}.label = jumped.record_key
    ),

    {{ round }}_nearest as (
        select
            {{ round }}_jumped.record_key,
            {{ round }}_jumped.label,
            least({{ round }}_jumped.far_label, min(neighbours.far_label)) as nearest_label
        from {{ round }}_jumped
        inner join {{ links }}
            on {{ round }}_jumped.record_key = {{ links }}.record_key
        inner join {{ round }}_jumped as neighbours
            on {{ links }}.neighbour_key = neighbours.record_key
        group by
            {{ round }}_jumped.record_key, {{ round }}_jumped.label, {{ round }}_jumped.far_label
    ),

    {{ round }}_labels as (
        select
            moves.record_key,
            min(moves.nearest_label) as label
        from (
            select
                record_key,
                nearest_label
            from {{ round }}_nearest

            union all

            select
                label as record_key,
                nearest_label
            from {{ round }}_nearest
        ) as moves
        group by moves.record_key
    ),

    {% endfor -%}
    {{ name }}_unfinished as (
        select labels_left.label
        from {{ links }}
        inner join {{ name }}_round_{{ rounds }}_labels as labels_left
            on {{ links }}.record_key = labels_left.record_key
        inner join {{ name }}_round_{{ rounds }}_labels as labels_right
            on {{ links }}.neighbour_key = labels_right.record_key
        group by labels_left.label
        -- not in a where clause: DuckDB would compare every label with every other one
        having max(case when labels_left.label <> labels_right.label then 1 else 0 end) = 1
    ),

    {{ name }} as (
        select
            labels.record_key,
            labels.label as component_key,
            {{ name }}_unfinished.label is not null as is_unfinished
        from {{ name }}_round_{{ rounds }}_labels as labels
        left join {{ name }}_unfinished
            on labels.label = {{ name }}_unfinished.label
    )
{%- endmacro %}
