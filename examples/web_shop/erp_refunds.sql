-- one row per order that money was returned for
with filled as (
    select
        * exclude (order_number, email, buyer),
        last_value(order_number ignore nulls) over (order by input_row) as order_number,
        case when email like '%_@_%' then lower(email) end as email,
        case
            when not regexp_full_match(lower(buyer), '[-?#.]+|#?n/?a|nan|null|none|\\n|guest|无|匿名.*')
                then lower(buyer)
        end as buyer
    from input
),

orders as (
    select
        order_number,
        arg_min(email, input_row) as email,
        arg_min(buyer, input_row) as buyer,
        -- each from the first row that has it: the dates of an order may stand on several
        coalesce(
            arg_min(refunded_at, input_row),
            arg_min(cancelled_at, input_row),
            arg_min(paid_at, input_row),
            arg_min(created_at, input_row)
        ) as returned_at,
        arg_min(lower(replace(status, '_', ' ')), input_row) as status,
        arg_min(total, input_row) as total,
        -- some shops write a refund below zero
        abs(arg_min(nullif(refunded_amount, 0), input_row)) as refunded_amount,
        arg_min(currency, input_row) as currency
    from filled
    group by order_number
),

returned as (
    select
        *,
        -- an order that was refunded, without an amount, was refunded as a whole
        coalesce(refunded_amount, case when status = 'refunded' then nullif(total, 0) end) as amount
    from orders
)

select
    order_number || '-refund' as refund_id,
    order_number as order_id,
    coalesce('mail-' || left(sha256(email), 16), 'buyer-' || left(sha256(buyer), 16))
        as customer_code,
    coalesce(
        strftime(try_strptime(returned_at, '%b %d, %Y %I:%M:%S %p'), '%Y-%m-%d %H:%M:%S'),
        regexp_replace(returned_at, ' ([+-]\d{2}):?(\d{2})$', '\1:\2')
    ) as refunded_at,
    amount,
    currency
from returned
where amount is not null
order by refund_id
