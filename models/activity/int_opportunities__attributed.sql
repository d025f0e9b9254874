-- one row per opportunity; its account comes before its contact
select
    opportunities.opportunity_id,
    coalesce(accounts.customer_id, contacts.customer_id) as customer_id,
    opportunities.opportunity_stage,
    {{ engine(
        'in_base_currency', 'opportunities.opportunity_amount', 'opportunities.exchange_rate'
    ) }} as opportunity_amount,
    opportunities.competition_level,
    opportunities.tender_stage,
    opportunities.is_won,
    opportunities.created_date,
    opportunities.closed_date
from {{ ref('stg_crm__opportunities') }} as opportunities
left join {{ ref('int_source_records__attributed') }} as accounts
    on accounts.source_table = 'crm_accounts'
        and opportunities.account_id = accounts.source_record_id
left join {{ ref('int_source_records__attributed') }} as contacts
    on contacts.source_table = 'crm_contacts'
        and opportunities.contact_id = contacts.source_record_id
