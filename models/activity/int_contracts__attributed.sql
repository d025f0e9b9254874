-- one row per contract
with contracts as (
    select * from {{ ref('stg_billing__contracts') }}
),

ties as (
    select
        source_table,
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
),

-- The account comes before the order system's customer number.
attributed as (
    select
        contracts.contract_id,
        coalesce(account_ties.customer_id, customer_ties.customer_id) as customer_id,
        contracts.contract_plan,
        contracts.contract_status,
        {{ engine('in_base_currency', 'contracts.annual_amount', 'contracts.exchange_rate') }}
            as annual_amount,
        contracts.start_date,
        contracts.end_date
    from contracts
    left join ties as account_ties
        on contracts.account_id = account_ties.source_record_id
            and account_ties.source_table = 'crm_accounts'
    left join ties as customer_ties
        on contracts.customer_code = customer_ties.source_record_id
            and customer_ties.source_table = 'erp_customers'
)

select * from attributed
