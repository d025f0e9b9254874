-- one row per opportunity: its newest usable version
select
    opportunity_id,
    account_id,
    contact_id,
    opportunity_stage,
    opportunity_amount,
    currency_code,
    exchange_rate,
    competition_level,
    tender_stage,
    is_won,
    created_date,
    expected_close_date,
    closed_date,
    created_at,
    closed_at,
    updated_at
from {{ ref('base_crm__opportunities') }}
where row_status = 'kept'
