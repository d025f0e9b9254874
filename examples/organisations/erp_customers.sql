-- one row per record of an organisation
select
    record_id as customer_code,
    'business' as customer_type,
    customer_name,
    tax_id,
    email,
    regexp_replace(phone, '\.0$', '') as phone,
    website,
    address,
    city,
    postcode,
    country
from input
order by input_row
