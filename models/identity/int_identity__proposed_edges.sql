-- one row per match rule and pair of records that it proposes to join; the smaller key stands left
{% set most_compared = 20 %}
with records as (
    select * from {{ ref('int_identity__normalised') }}
),

usable_values as (
    select
        rule_key,
        strength,
        customer_type,
        match_value,
        record_key,
        numbers_differ,
        min(record_key) over (
            partition by rule_key, customer_type, match_value
        ) as first_record_key,
        count(*) over (
            partition by rule_key, customer_type, match_value
        ) as usable_count
    from {{ ref('int_identity__match_values') }}
    where blocked_reason is null
),

-- A star around the first record of a value joins all its records with one row each.
stars as (
    select
        first_record_key as left_record_key,
        record_key as right_record_key,
        rule_key,
        strength,
        match_value,
        numbers_differ
    from usable_values
    where record_key <> first_record_key
),

-- Where some of them are two people, the others must still find each other.
webs as (
    select
        one.record_key as left_record_key,
        other.record_key as right_record_key,
        one.rule_key,
        one.strength,
        one.match_value,
        one.numbers_differ
    from usable_values as one
    inner join usable_values as other
        on one.rule_key = other.rule_key
            and one.customer_type = other.customer_type
            and one.match_value = other.match_value
            and one.record_key < other.record_key
    where one.usable_count between 3 and {{ most_compared }}
        and one.record_key <> one.first_record_key
),

merge_overrides as (
    select
        least(left_record_key, right_record_key) as left_record_key,
        greatest(left_record_key, right_record_key) as right_record_key
    from {{ ref('identity_overrides') }}
    where action = 'merge'
        and left_record_key <> right_record_key
    group by
        least(left_record_key, right_record_key), greatest(left_record_key, right_record_key)
),

edges as (
    select * from stars

    union all

    select * from webs

    union all

    select
        pairs.left_record_key,
        pairs.right_record_key,
        match_rules.rule_key,
        match_rules.strength,
        pairs.left_record_key || ' + ' || pairs.right_record_key as match_value,
        false as numbers_differ
    from {{ ref('int_identity__probable_pairs') }} as pairs
    inner join {{ ref('match_rules') }} as match_rules
        on match_rules.rule_key = 'probabilistic'
    where pairs.is_match

    union all

    select
        merge_overrides.left_record_key,
        merge_overrides.right_record_key,
        'override' as rule_key,
        'strong' as strength,
        merge_overrides.left_record_key || ' + ' || merge_overrides.right_record_key as match_value,
        false as numbers_differ
    from merge_overrides
    inner join records as left_records
        on merge_overrides.left_record_key = left_records.record_key
    inner join records as right_records
        on merge_overrides.right_record_key = right_records.record_key
            and left_records.customer_type = right_records.customer_type
),

pair_totals as (
    select
        left_record_key,
        right_record_key,
        count(*) as rule_count
    from edges
    group by left_record_key, right_record_key
),

vetoed_pairs as (
    select
        pair_totals.left_record_key,
        pair_totals.right_record_key,
        {{ two_people_reason('left_records', 'right_records', 'households.has_households') }}
            as two_people_reason
    from pair_totals
    inner join records as left_records
        on pair_totals.left_record_key = left_records.record_key
    inner join records as right_records
        on pair_totals.right_record_key = right_records.record_key
    cross join {{ ref('int_identity__households') }} as households
),

-- A veto outweighs all rules but a decision by hand; scored pairs have been judged before. One rule
-- does not outweigh two official numbers that are clearly different; two rules do.
final as (
    select
        edges.*,
        vetoed_pairs.two_people_reason,
        edges.rule_key in ('override', 'probabilistic')
        or (
            vetoed_pairs.two_people_reason is null
            and (
                edges.strength = 'strong'
                or not edges.numbers_differ
                or pair_totals.rule_count > 1
            )
        ) as is_accepted
    from edges
    inner join pair_totals
        on edges.left_record_key = pair_totals.left_record_key
            and edges.right_record_key = pair_totals.right_record_key
    left join vetoed_pairs
        on edges.left_record_key = vetoed_pairs.left_record_key
            and edges.right_record_key = vetoed_pairs.right_record_key
            and vetoed_pairs.two_people_reason is not null
)

select * from final
