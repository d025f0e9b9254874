-- one row per pair of records that somebody should look at, and reason
{% set sides = ['left', 'right'] %}
{% set shown = ['customer_name', 'email', 'phone', 'birth_date', 'national_id', 'tax_id', 'member_id', 'address', 'city'] %}
with records as (
    select * from {{ ref('int_identity__records') }}
),

identity_map as (
    select
        record_key,
        customer_id
    from {{ ref('customer_identity_map') }}
),

clusters as (
    select * from {{ ref('int_identity__clusters') }}
),

normalised as (
    select
        record_key,
        tax_id,
        national_id
    from {{ ref('int_identity__normalised') }}
),

overrides as (
    select
        least(left_record_key, right_record_key) as left_record_key,
        greatest(left_record_key, right_record_key) as right_record_key
    from {{ ref('identity_overrides') }}
    group by
        least(left_record_key, right_record_key), greatest(left_record_key, right_record_key)
),

contested_values as (
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
),

different_strong_ids as (
    select
        'different_strong_ids' as kind,
        left_record_key,
        right_record_key,
        rule_key
    from {{ ref('int_identity__proposed_edges') }}
    where numbers_differ
        and strength <> 'weak'
),

-- A number says that they are one, and all else that they are two.
vetoed_pairs as (
    select
        two_people_reason as kind,
        left_record_key,
        right_record_key,
        rule_key
    from {{ ref('int_identity__proposed_edges') }}
    where two_people_reason is not null
        and strength = 'strong'
        and not is_accepted
),

chained_edges as (
    select
        'between_two_people' as kind,
        left_record_key,
        right_record_key,
        cast(null as varchar) as rule_key
    from {{ ref('int_identity__chained_edges') }}
),

fallen_back as (
    select
        fallback_reason as kind,
        component_key as left_record_key,
        record_key as right_record_key,
        cast(null as varchar) as rule_key
    from clusters
    where fallback_reason is not null
),

-- Two numbers of one type, a typing error apart, in one customer.
near_equal_ids as (
    select
        'near_equal_ids' as kind,
        first_records.record_key as left_record_key,
        second_records.record_key as right_record_key,
        cast(null as varchar) as rule_key
    from clusters as first_clusters
    inner join clusters as second_clusters
        on first_clusters.cluster_key = second_clusters.cluster_key
    inner join normalised as first_records
        on first_clusters.record_key = first_records.record_key
    inner join normalised as second_records
        on second_clusters.record_key = second_records.record_key
    where (
        first_records.national_id < second_records.national_id
        and not {{ numbers_differ('first_records.national_id', 'second_records.national_id') }}
    )
    or (
        first_records.tax_id < second_records.tax_id
        and not {{ numbers_differ('first_records.tax_id', 'second_records.tax_id') }}
    )
),

refused_links as (
    select
        refusal as kind,
        left_record_key,
        right_record_key,
        rule_key
    from {{ ref('int_identity__weak_links') }}
    where refusal is not null
),

probable_matches as (
    select
        'probable_match' as kind,
        left_record_key,
        right_record_key,
        'probabilistic' as rule_key
    from {{ ref('int_identity__probable_pairs') }}
    where not is_match
),

cases as (
    select * from contested_values
    union all
    select * from different_strong_ids
    union all
    select * from vetoed_pairs
    union all
    select * from chained_edges
    union all
    select * from fallen_back
    union all
    select * from near_equal_ids
    union all
    select * from refused_links
    union all
    select * from probable_matches
),

-- One case for a pair and kind, whichever rules it comes from.
pairs as (
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
),

final as (
    select
        'case_' || substr(
            md5(pairs.kind || '/' || pairs.left_record_key || '/' || pairs.right_record_key), 1, 16
        ) as case_id,
        pairs.kind,
        pairs.left_record_key,
        pairs.right_record_key,
        left_map.customer_id as left_customer_id,
        right_map.customer_id as right_customer_id,
        pairs.rule_key,
        kinds.sentence_en as reason_en,
        kinds.sentence_zh as reason_zh,
        {% for side in sides -%}
        {% for column in shown -%}
        {{ side }}_records.{{ column }} as {{ side }}_{{ column }},
        {% endfor -%}
        {% endfor -%}
        left_map.customer_id = right_map.customer_id as is_joined
    from pairs
    inner join {{ ref('review_kinds') }} as kinds
        on pairs.kind = kinds.kind
    {% for side in sides -%}
    inner join records as {{ side }}_records
        on pairs.{{ side }}_record_key = {{ side }}_records.record_key
    inner join identity_map as {{ side }}_map
        on pairs.{{ side }}_record_key = {{ side }}_map.record_key
    {% endfor -%}
    left join overrides
        on pairs.left_record_key = overrides.left_record_key
            and pairs.right_record_key = overrides.right_record_key
    where overrides.left_record_key is null
        -- What is joined by another way needs no look, but for numbers that do not agree.
        and (
            left_map.customer_id <> right_map.customer_id
            or pairs.kind in ('near_equal_ids', 'different_strong_ids')
        )
)

select * from final
