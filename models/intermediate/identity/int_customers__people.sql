-- one row per customer that is a contact of the CRM itself: its newest contact record
with contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

identity_map as (
    select
        source_record_id,
        customer_id
    from {{ ref('customer_identity_map') }}
    where source_system = 'crm' and source_table = 'contacts'
),

ranked as (
    select
        identity_map.customer_id,
        contacts.birth_date,
        contacts.gender,
        contacts.occupation,
        contacts.income_band,
        contacts.education,
        row_number() over (
            partition by identity_map.customer_id
            order by
                coalesce(contacts.updated_at, contacts.created_at) desc nulls last,
                contacts.contact_id
        ) as contact_rank
    from contacts
    inner join identity_map
        on contacts.contact_id = identity_map.source_record_id
),

final as (
    select
        customer_id,
        birth_date,
        gender,
        occupation,
        income_band,
        education
    from ranked
    where contact_rank = 1
)

select * from final
