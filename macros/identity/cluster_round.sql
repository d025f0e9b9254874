{#-
    One round of connected components by smallest label: every record takes the smallest label among
    itself and its neighbours, then the label of that label (pointer jumping), so that the distance
    covered doubles from round to round.

    labels: CTE (record_key, label) before the round; links: CTE (record_key, neighbour_key) with
    every edge in both directions; name: prefix of the CTEs made. Returns two CTEs, the second named
    `<name>_labels`.
-#}
{% macro cluster_round(labels, links, name) -%}
    {{ name }}_hooked as (
        select
            {{ labels }}.record_key,
            least({{ labels }}.label, min(neighbours.label)) as label
        from {{ labels }}
        inner join {{ links }}
            on {{ labels }}.record_key = {{ links }}.record_key
        inner join {{ labels }} as neighbours
            on {{ links }}.neighbour_key = neighbours.record_key
        group by {{ labels }}.record_key, {{ labels }}.label
    ),

    {{ name }}_labels as (
        select
            {{ name }}_hooked.record_key,
            least({{ name }}_hooked.label, jumped.label) as label
        from {{ name }}_hooked
        inner join {{ name }}_hooked as jumped
            on {{ name }}_hooked.label = jumped.record_key
    )
{%- endmacro %}
