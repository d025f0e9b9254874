-- one row per need
with needs as (
    select * from {{ ref('stg_crm__needs') }}
),

ties as (
    select
        source_table,
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
),

-- The account comes before the contact.
attributed as (
    select
        needs.need_id,
        coalesce(account_ties.customer_id, contact_ties.customer_id) as customer_id,
        needs.need_type,
        needs.need_key,
        needs.need_source,
        needs.noted_date,
        needs.noted_at
    from needs
    left join ties as account_ties
        on needs.account_id = account_ties.source_record_id
            and account_ties.source_table = 'crm_accounts'
    left join ties as contact_ties
        on needs.contact_id = contact_ties.source_record_id
            and contact_ties.source_table = 'crm_contacts'
)

select * from attributed
