-- one row per sales activity; its account comes before its contact
select
    activities.activity_id,
    coalesce(accounts.customer_id, contacts.customer_id) as customer_id,
    activities.owner_id,
    activities.activity_type,
    activities.occurred_date,
    activities.occurred_at
from {{ ref('stg_crm__activities') }} as activities
left join {{ ref('int_source_records__attributed') }} as accounts
    on accounts.source_table = 'crm_accounts'
        and activities.account_id = accounts.source_record_id
left join {{ ref('int_source_records__attributed') }} as contacts
    on contacts.source_table = 'crm_contacts'
        and activities.contact_id = contacts.source_record_id
