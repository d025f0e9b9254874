-- one row per sales activity
with activities as (
    select * from {{ ref('stg_crm__activities') }}
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
        activities.activity_id,
        coalesce(account_ties.customer_id, contact_ties.customer_id) as customer_id,
        activities.owner_id,
        activities.activity_type,
        activities.occurred_date,
        activities.occurred_at
    from activities
    left join ties as account_ties
        on activities.account_id = account_ties.source_record_id
            and account_ties.source_table = 'crm_accounts'
    left join ties as contact_ties
        on activities.contact_id = contact_ties.source_record_id
            and contact_ties.source_table = 'crm_contacts'
)

select * from attributed
