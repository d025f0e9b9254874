-- one row per deterministic cluster that a weak link joins to another
with weak_links as (
    select * from {{ ref('int_identity__weak_links') }} where refusal is null
),

links as (
    {{ both_directions('weak_links', 'left_cluster_key', 'right_cluster_key') }}
),

{{ connected_components('links', 'components') }}

select * from components
