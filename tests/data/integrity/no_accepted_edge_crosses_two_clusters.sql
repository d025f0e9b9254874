-- Fails if an edge joins records of two clusters, other than those that fell back to strong numbers
-- and weak links that were refused.
select
    edges.rule_key,
    edges.left_record_key,
    edges.right_record_key
from {{ ref('int_identity__edges') }} as edges
left join {{ ref('int_identity__clusters') }} as left_clusters
    on edges.left_record_key = left_clusters.record_key
left join {{ ref('int_identity__clusters') }} as right_clusters
    on edges.right_record_key = right_clusters.record_key
left join {{ ref('int_identity__deterministic_clusters') }} as left_deterministic
    on edges.left_record_key = left_deterministic.record_key
left join {{ ref('int_identity__deterministic_clusters') }} as right_deterministic
    on edges.right_record_key = right_deterministic.record_key
left join {{ ref('int_identity__weak_links') }} as weak_links
    on edges.strength = 'weak'
        and weak_links.refusal is not null
        and weak_links.left_cluster_key = least(left_deterministic.cluster_key, right_deterministic.cluster_key)
        and weak_links.right_cluster_key = greatest(left_deterministic.cluster_key, right_deterministic.cluster_key)
where left_clusters.cluster_key is distinct from right_clusters.cluster_key
    and weak_links.rule_key is null
    and not (
        edges.strength <> 'strong'
        and left_clusters.fallback_reason is not null
        and right_clusters.fallback_reason is not null
    )
    and not (
        left_clusters.fallback_reason is not distinct from 'too_large'
        and right_clusters.fallback_reason is not distinct from 'too_large'
    )
