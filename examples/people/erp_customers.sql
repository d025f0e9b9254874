-- one row per record of a customer
with people as (
    select
        *,
        regexp_extract(dob, '^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$', ['one', 'two', 'year']) as parts
    from input
    where coalesce(lower(entity_type), 'customer') = 'customer'
),

dated as (
    select
        * exclude (parts),
        try_cast(parts.one as integer) as one,
        try_cast(parts.two as integer) as two,
        try_cast(parts.year as integer) as year
    from people
)

select
    record_id as customer_code,
    'consumer' as customer_type,
    first_name as given_name,
    surname,
    case
        -- The build reads years first, with any sign between.
        when year is null
            then coalesce(
                strftime(
                    try_strptime(dob, ['%d %B %Y', '%d %b %Y', '%d-%b-%Y', '%B %d, %Y', '%b %d, %Y']),
                    '%Y-%m-%d'
                ),
                dob
            )
        -- Day or month first? Only a number above 12 tells, or two that are equal.
        when one <= 12 and (two > 12 or one = two) then format('{:04d}-{:02d}-{:02d}', year, one, two)
        when one > 12 and two <= 12 then format('{:04d}-{:02d}-{:02d}', year, two, one)
    end as birth_date,
    address,
    city,
    regexp_replace(postcode, '\.0$', '') as postcode,
    regexp_replace(national_id, '\.0$', '') as national_id,
    email,
    regexp_replace(phone, '\.0$', '') as phone
from dated
order by input_row
