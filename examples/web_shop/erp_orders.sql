-- one row per order, from the first row that fills each field
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
            strftime(try_strptime(created_at, '%b %d, %Y %I:%M:%S %p'), '%Y-%m-%d %H:%M:%S'),
            -- `2026-03-04 10:15:00 +0800` is read once its offset is written as ISO wants it
            regexp_replace(created_at, ' ([+-]\d{2}):?(\d{2})$', '\1:\2')
        ) as ordered_at
    from input
),

orders as (
    select
        order_number,
        arg_min(email, input_row) as email,
        arg_min(buyer, input_row) as buyer,
        arg_min(ordered_at, input_row) as ordered_at,
        arg_min(total, input_row) as total,
        arg_min(currency, input_row) as currency,
        arg_min(lower(replace(status, '_', ' ')), input_row) as status,
        arg_min(cancelled_at, input_row) as cancelled_at,
        arg_min(channel, input_row) as channel,
        arg_min(discount_code, input_row) as discount_code
    from filled
    group by order_number
)

select
    order_number as order_id,
    -- codes are shown to everyone, e-mail addresses and buyers' names are not
    coalesce('mail-' || left(sha256(email), 16), 'buyer-' || left(sha256(buyer), 16))
        as customer_code,
    ordered_at,
    total as order_total_amount,
    currency,
    -- a refund is a row of its own, so a refunded order stays completed
    case
        when cancelled_at is not null then 'cancelled'
        when status in ('paid', 'refunded', 'partially refunded') then 'completed'
        when status in ('pending', 'unpaid', 'authorized', 'partially paid') then 'pending'
        when status in ('cancelled', 'voided', 'expired') then 'cancelled'
        else status
    end as status,
    coalesce(channel, 'web shop') as channel,
    discount_code as promotion_code
from orders
order by order_id
