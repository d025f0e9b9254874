-- one row per customer record of the order system: its newest usable version
select
    customer_code,
    customer_name,
    given_name,
    surname,
    customer_type,
    email,
    phone,
    tax_id,
    member_id,
    national_id,
    birth_date,
    address,
    street,
    house_number,
    city,
    province,
    country,
    postcode,
    website_domain,
    channel_type,
    ignored_value,
    created_date,
    created_at,
    updated_at
from {{ ref('base_erp__customers') }}
where row_status = 'kept'
