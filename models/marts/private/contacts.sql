-- one row per contact of the CRM
with contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

ties as (
    select
        contact_id,
        customer_id
    from {{ ref('int_contacts__attributed') }}
),

final as (
    select
        contacts.contact_id,
        ties.customer_id,
        contacts.account_id,
        contacts.full_name,
        contacts.email,
        contacts.phone,
        contacts.wechat_id,
        contacts.decision_role,
        contacts.occupation,
        contacts.city,
        contacts.created_date
    from contacts
    left join ties
        on contacts.contact_id = ties.contact_id
)

select * from final
