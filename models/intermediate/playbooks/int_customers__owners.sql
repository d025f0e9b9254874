-- one row per customer and owner role that someone active holds for the customer's type
with customers as (
    select
        customer_id,
        customer_type
    from {{ ref('customers') }}
),

owners as (
    select
        owner_id,
        owner_role,
        customer_type
    from {{ ref('owners') }}
    where is_active
),

-- Every owner draws a lot for every customer and the highest wins: when the roster changes, only
-- the customers of those who left or joined change hands.
lots as (
    select
        customers.customer_id,
        owners.owner_role,
        owners.owner_id,
        row_number() over (
            partition by customers.customer_id, owners.owner_role
            order by md5(customers.customer_id || owners.owner_id) desc, owners.owner_id
        ) as lot_rank
    from customers
    inner join owners
        on owners.customer_type in ('any', customers.customer_type)
),

final as (
    select
        customer_id,
        owner_role,
        owner_id
    from lots
    where lot_rank = 1
)

select * from final
