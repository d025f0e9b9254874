-- Fails if the accepted edges, weak ones and overrides among them, do not lead from the first record
-- of a customer to each of its records, or if a customer has records of two customer types.
with recursive members as (
    select
        identity_map.customer_id,
        identity_map.record_key,
        records.customer_type
    from {{ ref('customer_identity_map') }} as identity_map
    left join {{ ref('int_identity__records') }} as records
        on identity_map.record_key = records.record_key
),

links as (
    select
        left_members.customer_id,
        left_members.record_key,
        right_members.record_key as neighbour_key
    from {{ ref('int_identity__edges') }} as edges
    inner join members as left_members
        on edges.left_record_key = left_members.record_key
    inner join members as right_members
        on edges.right_record_key = right_members.record_key
            and left_members.customer_id = right_members.customer_id
),

both_ways as (
    select
        customer_id,
        record_key,
        neighbour_key
    from links
    union
    select
        customer_id,
        neighbour_key as record_key,
        record_key as neighbour_key
    from links
),

reached as (
    select
        customer_id,
        min(record_key) as record_key
    from members
    group by customer_id

    union

    select
        reached.customer_id,
        both_ways.neighbour_key as record_key
    from reached
    inner join both_ways
        on reached.customer_id = both_ways.customer_id
            and reached.record_key = both_ways.record_key
)

select
    'not reached' as problem,
    members.customer_id,
    members.record_key
from members
left join reached
    on members.customer_id = reached.customer_id
        and members.record_key = reached.record_key
where reached.record_key is null

union all

select
    'two customer types' as problem,
    customer_id,
    min(record_key) as record_key
from members
group by customer_id
having count(distinct customer_type) <> 1
