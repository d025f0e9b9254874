-- one row per contact of the CRM
select
    contacts.contact_id,
    records.customer_id,
    contacts.account_id,
    contacts.decision_role
from {{ ref('stg_crm__contacts') }} as contacts
left join {{ ref('int_source_records__attributed') }} as records
    on records.source_table = 'crm_contacts'
        and contacts.contact_id = records.source_record_id
