-- one row per need; its account comes before its contact
select
    needs.need_id,
    coalesce(accounts.customer_id, contacts.customer_id) as customer_id,
    needs.need_type,
    needs.need_key,
    needs.need_source,
    needs.noted_date,
    needs.noted_at
from {{ ref('stg_crm__needs') }} as needs
left join {{ ref('int_source_records__attributed') }} as accounts
    on accounts.source_table = 'crm_accounts'
        and needs.account_id = accounts.source_record_id
left join {{ ref('int_source_records__attributed') }} as contacts
    on contacts.source_table = 'crm_contacts'
        and needs.contact_id = contacts.source_record_id
