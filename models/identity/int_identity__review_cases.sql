-- one row per kind of doubt and pair of records; the smaller key stands left
with clusters as (
    select * from {{ ref('int_identity__clusters') }}
),

records as (
    select
        clusters.cluster_key,
        normalised.record_key,
        normalised.tax_id,
        normalised.national_id
    from clusters
    inner join {{ ref('int_identity__normalised') }} as normalised
        on clusters.record_key = normalised.record_key
),

proposed_edges as (
    select * from {{ ref('int_identity__proposed_edges') }}
),

edges as (
    select * from {{ ref('int_identity__edges') }}
),

cases as (
    select
        'contested_value' as kind,
        min(record_key) over (
            partition by rule_key, customer_type, match_value
        ) as left_record_key,
        record_key as right_record_key,
        rule_key
    from {{ ref('int_identity__match_values') }}
    where blocked_reason = 'clearly_different_names'
        and strength <> 'weak'

    union all

    select
        'different_strong_ids' as kind,
        left_record_key,
        right_record_key,
        rule_key
    from proposed_edges
    where numbers_differ
        and strength <> 'weak'

    union all

    -- A number says that they are one, and all else that they are two.
    select
        two_people_reason as kind,
        left_record_key,
        right_record_key,
        rule_key
    from proposed_edges
    where two_people_reason is not null
        and strength = 'strong'
        and not is_accepted

    union all

    -- An accepted edge that is left out, since one of its records fits two people.
    select
        'between_two_people' as kind,
        proposed_edges.left_record_key,
        proposed_edges.right_record_key,
        cast(null as varchar) as rule_key
    from proposed_edges
    left join edges
        on proposed_edges.left_record_key = edges.left_record_key
            and proposed_edges.right_record_key = edges.right_record_key
    where proposed_edges.is_accepted
        and edges.left_record_key is null

    union all

    select
        fallback_reason as kind,
        component_key as left_record_key,
        record_key as right_record_key,
        cast(null as varchar) as rule_key
    from clusters
    where fallback_reason is not null

    union all

    -- Two numbers of one type, a typing error apart, in one customer.
    select
        'near_equal_ids' as kind,
        one.record_key as left_record_key,
        other.record_key as right_record_key,
        cast(null as varchar) as rule_key
    from records as one
    inner join records as other
        on one.cluster_key = other.cluster_key
    where (
        one.national_id < other.national_id
        and not {{ numbers_differ('one.national_id', 'other.national_id') }}
    )
    or (
        one.tax_id < other.tax_id
        and not {{ numbers_differ('one.tax_id', 'other.tax_id') }}
    )

    union all

    select
        refusal as kind,
        left_record_key,
        right_record_key,
        rule_key
    from {{ ref('int_identity__weak_links') }}
    where refusal is not null

    union all

    select
        'probable_match' as kind,
        left_record_key,
        right_record_key,
        'probabilistic' as rule_key
    from {{ ref('int_identity__probable_pairs') }}
    where not is_match
),

-- One case for a pair and kind, whichever rules it comes from.
final as (
    select
        kind,
        least(left_record_key, right_record_key) as left_record_key,
        greatest(left_record_key, right_record_key) as right_record_key,
        min(rule_key) as rule_key
    from cases
    where left_record_key <> right_record_key
    group by
        kind,
        least(left_record_key, right_record_key),
        greatest(left_record_key, right_record_key)
)

select * from final
