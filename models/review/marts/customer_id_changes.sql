-- one row per customer_id that records left, customer_id that they were given, and date
with held as (
    select * from {{ ref('int_customer_ids__held') }}
),

changes as (
    select
        customer_id,
        next_customer_id as new_customer_id,
        changed_date,
        count(distinct record_key) as record_count,
        max(changed_at) as changed_at
    from held
    where next_customer_id is not null
    group by customer_id, next_customer_id, changed_date
),

first_given as (
    select
        customer_id,
        min(given_at) as first_given_at
    from held
    group by customer_id
),

-- Did other records keep the old id? Those that have vanished since are left out.
kept as (
    select
        changes.customer_id,
        changes.new_customer_id,
        changes.changed_date
    from changes
    inner join held
        on changes.customer_id = held.customer_id
            and changes.changed_at >= held.given_at
    where held.changed_at > changes.changed_at
        or (held.changed_at is null and held.is_present)
    group by changes.customer_id, changes.new_customer_id, changes.changed_date
),

-- The records of a shared value hang on one of them, which a new record may replace: so who shares
-- a value is what counts.
joined_records as (
    select
        left_record_key as record_key,
        rule_key,
        match_value
    from {{ ref('int_identity__edges') }}

    union

    select
        right_record_key as record_key,
        rule_key,
        match_value
    from {{ ref('int_identity__edges') }}
),

-- The strongest rule between a record that moved and one that had the new id before.
joining_rules as (
    select
        held.customer_id,
        held.next_customer_id as new_customer_id,
        held.changed_date,
        joined_records.rule_key,
        row_number() over (
            partition by held.customer_id, held.next_customer_id, held.changed_date
            order by rules.priority, joined_records.rule_key
        ) as rule_rank
    from held
    inner join joined_records
        on held.record_key = joined_records.record_key
    inner join joined_records as other_records
        on joined_records.rule_key = other_records.rule_key
            and joined_records.match_value = other_records.match_value
            and joined_records.record_key <> other_records.record_key
    inner join held as others
        on other_records.record_key = others.record_key
            and held.next_customer_id = others.customer_id
            and held.changed_at > others.given_at
    inner join {{ ref('match_rules') }} as rules
        on joined_records.rule_key = rules.rule_key
    where held.next_customer_id is not null
),

splits as (
    select
        left_record_key,
        right_record_key
    from {{ ref('identity_overrides') }}
    where action = 'split'
),

split_pairs as (
    {{ both_directions('splits') }}
),

-- Did somebody split one of the records that went from one that had the same id?
split_by_hand as (
    select
        held.customer_id,
        held.next_customer_id as new_customer_id,
        held.changed_date
    from held
    inner join split_pairs
        on held.record_key = split_pairs.record_key
    inner join held as others
        on split_pairs.neighbour_key = others.record_key
            and held.customer_id = others.customer_id
    where held.next_customer_id is not null
    group by held.customer_id, held.next_customer_id, held.changed_date
),

final as (
    select
        changes.customer_id,
        changes.new_customer_id,
        case
            when first_given.first_given_at >= changes.changed_at then 'split'
            when kept.customer_id is not null then 'move'
            else 'merge'
        end as cause,
        joining_rules.rule_key,
        changes.record_count,
        coalesce(joining_rules.rule_key = 'override', false)
        or split_by_hand.customer_id is not null as is_by_hand,
        changes.changed_date
    from changes
    inner join first_given
        on changes.new_customer_id = first_given.customer_id
    left join kept
        on changes.customer_id = kept.customer_id
            and changes.new_customer_id = kept.new_customer_id
            and changes.changed_date = kept.changed_date
    left join joining_rules
        on changes.customer_id = joining_rules.customer_id
            and changes.new_customer_id = joining_rules.new_customer_id
            and changes.changed_date = joining_rules.changed_date
            and joining_rules.rule_rank = 1
    left join split_by_hand
        on changes.customer_id = split_by_hand.customer_id
            and changes.new_customer_id = split_by_hand.new_customer_id
            and changes.changed_date = split_by_hand.changed_date
)

select * from final
