-- one row per customer that is a contact of the CRM itself
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
        {{ engine('first_filled', 'birth_date', 'contact_rank') }} as birth_date,
        {{ engine('first_filled', 'gender', 'contact_rank') }} as gender,
        {{ engine('first_filled', 'occupation', 'contact_rank') }} as occupation,
        {{ engine('first_filled', 'income_band', 'contact_rank') }} as income_band,
        {{ engine('first_filled', 'education', 'contact_rank') }} as education
    from ranked
    group by customer_id
)

select * from final
