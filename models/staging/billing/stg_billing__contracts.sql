-- one row per contract: its newest usable version
select
    contract_id,
    account_id,
    customer_code,
    contract_plan,
    contract_status,
    annual_amount,
    currency_code,
    exchange_rate,
    start_date,
    end_date,
    updated_at
from {{ ref('base_billing__contracts') }}
where row_status = 'kept'
