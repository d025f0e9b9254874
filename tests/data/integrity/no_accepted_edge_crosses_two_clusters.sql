-- Fails if an edge joins records of two clusters, other than those kept apart for their number.
select
    edges.rule_key,
    edges.left_record_key,
    edges.right_record_key
from {{ ref('int_identity__edges') }} as edges
left join {{ ref('int_identity__clusters') }} as left_clusters
    on edges.left_record_key = left_clusters.record_key
left join {{ ref('int_identity__clusters') }} as right_clusters
    on edges.right_record_key = right_clusters.record_key
where left_clusters.cluster_key is distinct from right_clusters.cluster_key
    and not coalesce(left_clusters.is_over_limit and right_clusters.is_over_limit, false)
