-- one row per order that money was returned for
with filled as (
    select
        * exclude (order_number),
        last_value(order_number ignore nulls) over (order by input_row) as order_number,
        coalesce(refunded_at, cancelled_at, paid_at) as returned_at
    from input
),

orders as (
    select
        order_number,
        arg_min(lower(email), input_row) as email,
        coalesce(arg_min(returned_at, input_row), arg_min(created_at, input_row)) as returned_at,
        arg_min(refunded_amount, input_row) as amount,
        arg_min(currency, input_row) as currency
    from filled
    group by order_number
)

select
    order_number || '-refund' as refund_id,
    order_number as order_id,
    'mail-' || left(sha256(email), 16) as customer_code,
    regexp_replace(returned_at, ' ([+-]\d{2}):?(\d{2})$', '\1:\2') as refunded_at,
    amount,
    currency
from orders
where amount <> 0
order by refund_id
