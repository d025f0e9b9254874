-- one row per row of the accounts
select
    account_id,
    account_name,
    parent_account_id,
    tax_id,
    industry,
    employees as employee_count,
    annual_revenue as annual_revenue_amount,
    currency,
    website,
    phone,
    city,
    province,
    country,
    owner_id,
    lead_source,
    created_at,
    updated_at
from accounts
order by input_row
