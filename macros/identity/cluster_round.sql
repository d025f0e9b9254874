{#-
    One round of connected components by smallest label. Every record looks at the label of its
    label (pointer jumping) and at those of its neighbours, takes the smallest one, and hands it to
    the record that it was labelled with, so that a whole group moves at once and the number of
    rounds grows with the logarithm of a cluster's size, whatever the order of its keys.

    labels: CTE (record_key, label) before the round; links: CTE (record_key, neighbour_key) with
    every edge in both directions; name: prefix of the CTEs made. Returns three CTEs, the last named
    `<name>_labels`.
-#}
{% macro cluster_round(labels, links, name) -%}
    {{ name }}_jumped as (
        select
            {{ labels }}.record_key,
            {{ labels }}.label,
            jumped.label as far_label
        from {{ labels }}
        inner join {{ labels }} as jumped
            on {{ labels }}.label = jumped.record_key
    ),

    {{ name }}_nearest as (
        select
            {{ name }}_jumped.record_key,
            {{ name }}_jumped.label,
            least({{ name }}_jumped.far_label, min(neighbours.far_label)) as nearest_label
        from {{ name }}_jumped
        inner join {{ links }}
            on {{ name }}_jumped.record_key = {{ links }}.record_key
        inner join {{ name }}_jumped as neighbours
            on {{ links }}.neighbour_key = neighbours.record_key
        group by
            {{ name }}_jumped.record_key, {{ name }}_jumped.label, {{ name }}_jumped.far_label
    ),

    {{ name }}_labels as (
        select
            moves.record_key,
            min(moves.nearest_label) as label
        from (
            select
                record_key,
                nearest_label
            from {{ name }}_nearest

            union all

            select
                label as record_key,
                nearest_label
            from {{ name }}_nearest
        ) as moves
        group by moves.record_key
    )
{%- endmacro %}
