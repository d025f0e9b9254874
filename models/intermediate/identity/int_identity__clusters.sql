-- one row per source record
{% set rounds = 8 %}
with records as (
    select record_key from {{ ref('int_identity__records') }}
),

edges as (
    select
        left_record_key,
        right_record_key
    from {{ ref('int_identity__edges') }}
),

links as (
    select
        left_record_key as record_key,
        right_record_key as neighbour_key
    from edges

    union all

    select
        right_record_key as record_key,
        left_record_key as neighbour_key
    from edges
),

round_0_labels as (
    select
        record_key,
        record_key as label
    from links
    group by record_key
),

{% for number in range(1, rounds + 1) %}
{{ cluster_round('round_' ~ (number - 1) ~ '_labels', 'links', 'round_' ~ number) }},
{% endfor %}

-- A cluster that still has an edge to another label is larger than the rounds reach: its records
-- stay apart rather than being joined in part.
unfinished as (
    select links_left.label
    from links
    inner join round_{{ rounds }}_labels as links_left
        on links.record_key = links_left.record_key
    inner join round_{{ rounds }}_labels as links_right
        on links.neighbour_key = links_right.record_key
    where links_left.label <> links_right.label
    group by links_left.label
),

clusters as (
    select
        records.record_key,
        case
            when unfinished.label is not null then records.record_key
            else coalesce(labels.label, records.record_key)
        end as cluster_key,
        unfinished.label is not null as is_over_limit
    from records
    left join round_{{ rounds }}_labels as labels
        on records.record_key = labels.record_key
    left join unfinished
        on labels.label = unfinished.label
)

select * from clusters
