-- one row per source record that a strong or firm edge joins to another
with edges as (
    select * from {{ ref('int_identity__edges') }} where strength in ('strong', 'firm')
),

links as (
    {{ both_directions('edges') }}
),

{{ connected_components('links', 'components') }}

select * from components
