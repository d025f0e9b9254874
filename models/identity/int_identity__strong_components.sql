-- one row per source record that a strong edge joins to another
with edges as (
    select * from {{ ref('int_identity__edges') }} where strength = 'strong'
),

links as (
    {{ both_directions('edges') }}
),

{{ connected_components('links', 'components') }}

select * from components
