-- one row per contact: its newest usable version
select
    contact_id,
    account_id,
    full_name,
    email,
    phone,
    wechat_id,
    national_id,
    decision_role,
    birth_date,
    gender,
    occupation,
    income_band,
    education,
    city,
    province,
    country,
    ignored_value,
    created_date,
    created_at,
    updated_at
from {{ ref('base_crm__contacts') }}
where row_status = 'kept'
