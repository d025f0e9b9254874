-- one row per owner
with owners as (
    select * from {{ ref('owners') }}
),

crm_owners as (
    select * from {{ ref('stg_crm__owners') }}
),

final as (
    select
        owner_id,
        owner_name,
        owner_role,
        customer_type,
        is_active
    from owners

    union all

    -- Owners of accounts in the CRM that the roster lacks.
    select
        crm_owners.owner_id,
        crm_owners.owner_name,
        crm_owners.role as owner_role,
        'business' as customer_type,
        crm_owners.is_active
    from crm_owners
    left join owners
        on crm_owners.owner_id = owners.owner_id
    where owners.owner_id is null
)

select * from final
