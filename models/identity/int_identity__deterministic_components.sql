-- one row per source record that a strong or medium edge joins to another
with linked_components as (
    select * from {{ ref('int_identity__linked_components') }}
),

chained_components as (
    select component_key
    from {{ ref('int_identity__chained_pairs') }}
    group by component_key
),

-- Only a group of which edges were taken away has to be put together anew.
edges as (
    select edges.*
    from {{ ref('int_identity__edges') }} as edges
    inner join linked_components
        on edges.left_record_key = linked_components.record_key
    inner join chained_components
        on linked_components.component_key = chained_components.component_key
    where edges.strength in ('strong', 'medium')
),

links as (
    {{ both_directions('edges') }}
),

{{ connected_components('links', 'components') }},

final as (
    select * from components

    union all

    select linked_components.*
    from linked_components
    left join chained_components
        on linked_components.component_key = chained_components.component_key
    where chained_components.component_key is null
)

select * from final
