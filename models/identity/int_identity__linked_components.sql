-- one row per source record that an accepted strong or medium edge joins to another
with edges as (
    select *
    from {{ ref('int_identity__proposed_edges') }}
    where is_accepted
        and strength in ('strong', 'medium')
),

links as (
    {{ both_directions('edges') }}
),

{{ connected_components('links', 'components') }}

select * from components
