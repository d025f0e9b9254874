-- one row per contact of the CRM
with contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

ties as (
    select
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
    where source_table = 'crm_contacts'
),

attributed as (
    select
        contacts.contact_id,
        ties.customer_id,
        contacts.account_id,
        contacts.decision_role
    from contacts
    left join ties
        on contacts.contact_id = ties.source_record_id
)

select * from attributed
