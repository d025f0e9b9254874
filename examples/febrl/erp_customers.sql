-- one row per record; a number that was saved as 4011.0 is 4011
select
    record_id as customer_code,
    'consumer' as customer_type,
    given_name,
    surname,
    address_1 as street,
    regexp_replace(street_number, '\.0$', '') as house_number,
    suburb as city,
    regexp_replace(postcode, '\.0$', '') as postcode,
    state as province,
    regexp_replace(date_of_birth, '\.0$', '') as birth_date,
    regexp_replace(soc_sec_id, '\.0$', '') as national_id,
    regexp_replace(phone, '\.0$', '') as phone,
    email
from input
order by input_row
