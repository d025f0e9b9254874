-- one row per customer and owner role that someone active holds for the customer's type
with customers as (
    select
        customer_id,
        customer_type
    from {{ ref('int_customers__recorded') }}
),

owners as (
    select
        owner_id,
        owner_role,
        customer_type
    from {{ ref('owners') }}
    where is_active
),

-- The owner in the CRM, while that person is there.
named_owners as (
    select
        accounts.customer_id,
        crm_owners.role as owner_role,
        crm_owners.owner_id
    from {{ ref('int_customers__accounts') }} as accounts
    inner join {{ ref('stg_crm__owners') }} as crm_owners
        on accounts.owner_id = crm_owners.owner_id
    where crm_owners.is_active
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
        lots.customer_id,
        lots.owner_role,
        coalesce(named_owners.owner_id, lots.owner_id) as owner_id
    from lots
    left join named_owners
        on lots.customer_id = named_owners.customer_id
            and lots.owner_role = named_owners.owner_role
    where lots.lot_rank = 1
)

select * from final
