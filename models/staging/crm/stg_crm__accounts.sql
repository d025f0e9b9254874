-- one row per account: its newest usable version
select
    account_id,
    account_name,
    parent_account_id,
    tax_id,
    industry,
    sub_industry,
    employee_count,
    annual_revenue_amount,
    currency_code,
    exchange_rate,
    website_domain,
    phone,
    address,
    city,
    province,
    country,
    influence_level,
    owner_id,
    lead_source,
    ignored_value,
    created_date,
    created_at,
    updated_at
from {{ ref('base_crm__accounts') }}
where row_status = 'kept'
