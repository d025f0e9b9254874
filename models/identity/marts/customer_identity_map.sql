-- one row per source record
with records as (
    select * from {{ ref('int_identity__records') }}
),

registry as (
    select
        record_key,
        customer_id,
        assigned_at,
        row_number() over (partition by record_key order by assignment_number desc)
            as newest_number
    from {{ ref('customer_id_registry') }}
),

clusters as (
    select * from {{ ref('int_identity__clusters') }}
),

-- An edge between two clusters joined nobody.
joining_edges as (
    select
        edges.left_record_key,
        edges.right_record_key,
        edges.rule_key
    from {{ ref('int_identity__edges') }} as edges
    inner join clusters as left_clusters
        on edges.left_record_key = left_clusters.record_key
    inner join clusters as right_clusters
        on edges.right_record_key = right_clusters.record_key
            and left_clusters.cluster_key = right_clusters.cluster_key
),

links as (
    {{ both_directions('joining_edges', columns=['rule_key']) }}
),

-- The strongest rule that joins a record to another one is the reason to show.
reasons as (
    select
        links.record_key,
        links.neighbour_key as linked_record_key,
        rules.rule_key,
        rules.sentence_en,
        rules.sentence_zh,
        row_number() over (
            partition by links.record_key order by rules.priority, links.neighbour_key
        ) as reason_rank
    from links
    inner join {{ ref('match_rules') }} as rules
        on links.rule_key = rules.rule_key
),

final as (
    select
        records.record_key,
        registry.customer_id,
        records.source_system,
        records.source_table,
        records.source_record_id,
        reasons.rule_key,
        reasons.linked_record_key,
        case
            when reasons.rule_key is not null
                then reasons.sentence_en || ' ' || reasons.linked_record_key
            when clusters.fallback_reason = 'too_large'
                then 'Kept apart: the group of records it belongs to is too large to be one customer'
            when clusters.fallback_reason = 'different_strong_ids'
                then 'Kept apart: the records it resembles carry clearly different official numbers'
            when clusters.fallback_reason = 'two_people'
                then 'Kept apart: the records it resembles belong to two people who are clearly different'
            else 'No other record shares an identifier with it'
        end as reason_en,
        case
            when reasons.rule_key is not null
                then reasons.sentence_zh || ' ' || reasons.linked_record_key
            when clusters.fallback_reason = 'too_large' then '保持独立：所在的记录组过大，不可能是同一客户'
            when clusters.fallback_reason = 'different_strong_ids'
                then '保持独立：相似记录的证件号或税号明显不同'
            when clusters.fallback_reason = 'two_people' then '保持独立：相似的记录属于明显不同的两个人'
            else '没有其他记录与其标识相同'
        end as reason_zh,
        records.first_seen_date,
        registry.assigned_at as assigned_date
    from records
    inner join registry
        on records.record_key = registry.record_key
            and registry.newest_number = 1
    inner join clusters
        on records.record_key = clusters.record_key
    left join reasons
        on records.record_key = reasons.record_key
            and reasons.reason_rank = 1
)

select * from final
