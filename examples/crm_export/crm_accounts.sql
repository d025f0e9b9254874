-- one row per row of the accounts
select
    account_id,
    account_name,
    parent_account_id,
    tax_id,
    industry,
    -- 1,200 is how a CRM writes 1200
    case
        when regexp_full_match(employees, '\d{1,3}(,\d{3})+(\.\d+)?')
            then replace(employees, ',', '')
        else employees
    end as employee_count,
    case
        when regexp_full_match(annual_revenue, '\d{1,3}(,\d{3})+(\.\d+)?')
            then replace(annual_revenue, ',', '')
        else annual_revenue
    end as annual_revenue_amount,
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
