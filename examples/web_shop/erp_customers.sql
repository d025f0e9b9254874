-- one row per customer; each field is that of the latest order that fills it, so no blank erases it
with filled as (
    select
        * exclude (order_number, email, buyer),
        last_value(order_number ignore nulls) over (order by input_row) as order_number,
        -- `none`, `-` and the like name nobody
        case when email like '%_@_%' then lower(email) end as email,
        case
            when not regexp_full_match(lower(buyer), '[-?#.]+|#?n/?a|nan|null|none|\\n|guest|无|匿名.*')
                then lower(buyer)
        end as buyer,
        coalesce(
            try_strptime(created_at, '%b %d, %Y %I:%M:%S %p') at time zone 'UTC',
            try_cast(regexp_replace(created_at, ' ([+-]\d{2}):?(\d{2})$', '\1:\2') as timestamptz)
        ) as ordered_at
    from input
),

-- the customer and the time of an order may stand on another row than a name
dated as (
    select
        * exclude (email, ordered_at),
        arg_min(email, input_row) over (partition by order_number) as email,
        arg_min(buyer, input_row) over (partition by order_number) as buyer_of_order,
        arg_min(ordered_at, input_row) over (partition by order_number) as ordered_at
    from filled
),

-- rows are put in order by time, then as in the file; without a readable time they come first
aged as (
    select
        * exclude (billing_name, billing_phone),
        -- a masked value, such as 138****0001, is none
        case when billing_name not like '%*%' then billing_name end as billing_name,
        case when billing_phone not like '%*%' then billing_phone end as billing_phone,
        coalesce(
            'mail-' || left(sha256(email), 16), 'buyer-' || left(sha256(buyer_of_order), 16)
        ) as customer_code,
        (ordered_at is not null, ordered_at, input_row) as age
    from dated
)

select
    customer_code,
    arg_max(
        coalesce(
            billing_name,
            case
                -- A Chinese name is written family name first, without a blank.
                when regexp_matches(concat(billing_last_name, billing_first_name), '\p{Han}')
                    then concat(billing_last_name, billing_first_name)
                else nullif(concat_ws(' ', billing_first_name, billing_last_name), '')
            end
        ),
        age
    ) as customer_name,
    arg_max(email, age) as email,
    arg_max(billing_phone, age) as phone,
    arg_max(billing_city, age) as city,
    arg_max(billing_country, age) as country
from aged
where customer_code is not null
group by customer_code
order by customer_code
