-- one row per pair of records that a statistical model finds alike; the smaller key stands left
with scored_pairs as (
    select
        least(left_record_key, right_record_key) as left_record_key,
        greatest(left_record_key, right_record_key) as right_record_key,
        max(match_probability) as match_probability,
        max(accepted_from) as accepted_from
    from {{ ref('stg_model__identity_pairs') }}
    where left_record_key <> right_record_key
    group by
        least(left_record_key, right_record_key), greatest(left_record_key, right_record_key)
),

records as (
    select * from {{ ref('int_identity__normalised') }}
),

split_records as (
    select right_record_key as record_key
    from {{ ref('identity_overrides') }}
    where action = 'split'
    group by right_record_key
),

policy as (
    select
        auto_match_probability,
        review_match_probability
    from {{ ref('policies') }}
    where policy_key = '{{ var("segmentation_policy") }}'
),

-- A model that was fitted on an older release may speak of records that are gone.
known_pairs as (
    select
        scored_pairs.left_record_key,
        scored_pairs.right_record_key,
        scored_pairs.match_probability,
        scored_pairs.accepted_from,
        {{ numbers_differ('left_records.tax_id', 'right_records.tax_id') }}
        or {{ numbers_differ('left_records.national_id', 'right_records.national_id') }}
            as numbers_differ,
        {{ two_people_reason(
            'left_records', 'right_records', 'households.has_households', are_linked=true
        ) }}
            as two_people_reason,
        left_split.record_key is not null or right_split.record_key is not null as is_split
    from scored_pairs
    inner join records as left_records
        on scored_pairs.left_record_key = left_records.record_key
    inner join records as right_records
        on scored_pairs.right_record_key = right_records.record_key
            and left_records.customer_type = right_records.customer_type
    cross join {{ ref('int_identity__households') }} as households
    left join split_records as left_split
        on scored_pairs.left_record_key = left_split.record_key
    left join split_records as right_split
        on scored_pairs.right_record_key = right_split.record_key
),

final as (
    select
        known_pairs.left_record_key,
        known_pairs.right_record_key,
        known_pairs.match_probability,
        known_pairs.match_probability
        >= coalesce(known_pairs.accepted_from, policy.auto_match_probability)
        and not known_pairs.numbers_differ
        and known_pairs.two_people_reason is null as is_match
    from known_pairs
    cross join policy
    where known_pairs.match_probability >= policy.review_match_probability
        and not known_pairs.is_split
)

select * from final
