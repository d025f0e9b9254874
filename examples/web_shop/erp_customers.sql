-- one row per e-mail address, as its latest order has it
with filled as (
    select
        lower(email) as email,
        billing_name,
        billing_phone,
        billing_city,
        billing_country,
        row_number() over (
            partition by lower(email)
            order by created_at desc, input_row desc
        ) as age_rank
    from input
    where email is not null and created_at is not null
)

select
    'mail-' || left(sha256(email), 16) as customer_code,
    billing_name as customer_name,
    email,
    billing_phone as phone,
    billing_city as city,
    billing_country as country
from filled
where age_rank = 1
order by customer_code
