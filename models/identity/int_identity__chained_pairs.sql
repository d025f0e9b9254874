-- one row per pair of records that others join though they are two people; the smaller key stands left
with records as (
    select * from {{ ref('int_identity__normalised') }}
),

proposed_edges as (
    select * from {{ ref('int_identity__proposed_edges') }}
),

linking_edges as (
    select *
    from proposed_edges
    where is_accepted
        and strength in ('strong', 'medium')
),

links as (
    {{ both_directions('linking_edges') }}
),

{{ connected_components('links', 'components') }},

-- Larger groups are no customer anyway.
comparable_components as (
    select component_key
    from components
    group by component_key
    having count(*) between 3 and 60
        and max(case when is_unfinished then 1 else 0 end) = 0
),

merged_by_hand as (
    select
        left_record_key,
        right_record_key
    from proposed_edges
    where rule_key = 'override'
),

members as (
    select
        components.component_key,
        records.*
    from components
    inner join comparable_components
        on components.component_key = comparable_components.component_key
    inner join records
        on components.record_key = records.record_key
),

pairs as (
    select
        one.record_key as left_record_key,
        other.record_key as right_record_key,
        {{ two_people_reason('one', 'other', 'households.has_households', are_linked=true) }} as two_people_reason
    from members as one
    inner join members as other
        on one.component_key = other.component_key
            and one.record_key < other.record_key
    cross join {{ ref('int_identity__households') }} as households
),

final as (
    select pairs.*
    from pairs
    left join merged_by_hand
        on pairs.left_record_key = merged_by_hand.left_record_key
            and pairs.right_record_key = merged_by_hand.right_record_key
    where pairs.two_people_reason is not null
        and merged_by_hand.left_record_key is null
)

select * from final
