-- one row per contract; its account comes before the order system's customer number
select
    contracts.contract_id,
    coalesce(accounts.customer_id, customers.customer_id) as customer_id,
    contracts.contract_plan,
    contracts.contract_status,
    {{ engine('in_base_currency', 'contracts.annual_amount', 'contracts.exchange_rate') }}
        as annual_amount,
    contracts.start_date,
    contracts.end_date
from {{ ref('stg_billing__contracts') }} as contracts
left join {{ ref('int_source_records__attributed') }} as accounts
    on accounts.source_table = 'crm_accounts'
        and contracts.account_id = accounts.source_record_id
left join {{ ref('int_source_records__attributed') }} as customers
    on customers.source_table = 'erp_customers'
        and contracts.customer_code = customers.source_record_id
