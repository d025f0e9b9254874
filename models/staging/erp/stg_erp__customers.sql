-- one row per customer record of the order system: its newest usable version
select
    customer_code,
    customer_name,
    customer_type,
    email,
    phone,
    tax_id,
    member_id,
    address,
    city,
    province,
    country,
    postcode,
    channel_type,
    created_date,
    created_at,
    updated_at
from {{ ref('base_erp__customers') }}
where row_fate = 'kept'
