-- one row per opportunity
with opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
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
        opportunities.opportunity_id,
        coalesce(account_ties.customer_id, contact_ties.customer_id) as customer_id,
        opportunities.opportunity_stage,
        {{ engine(
            'in_base_currency', 'opportunities.opportunity_amount', 'opportunities.exchange_rate'
        ) }}
            as opportunity_amount,
        opportunities.competition_level,
        opportunities.tender_stage,
        opportunities.is_won,
        opportunities.created_date,
        opportunities.closed_date
    from opportunities
    left join ties as account_ties
        on opportunities.account_id = account_ties.source_record_id
            and account_ties.source_table = 'crm_accounts'
    left join ties as contact_ties
        on opportunities.contact_id = contact_ties.source_record_id
            and contact_ties.source_table = 'crm_contacts'
)

select * from attributed
