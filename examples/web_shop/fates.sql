-- what becomes of every input row: the first case that fits
with filled as (
    select
        * exclude (order_number),
        last_value(order_number ignore nulls) over (order by input_row) as order_number
    from input
),

orders as (
    select
        order_number,
        arg_min(email, input_row) as email,
        arg_min(lower(replace(status, '_', ' ')), input_row) as status,
        arg_min(cancelled_at, input_row) as cancelled_at
    from filled
    group by order_number
),

fates as (
    select
        case
            when filled.order_number is null then 'row without an order, rejected: missing key'
            when coalesce(item_name, item_sku) is null and item_price is null
                then 'row without an item'
            when item_quantity is null or item_price is null
                then 'item, rejected: missing amount'
            when item_quantity < 0 then 'item, rejected: negative quantity'
            when item_price < 0 then 'item, rejected: negative amount'
            when
                orders.cancelled_at is not null
                or orders.status in ('cancelled', 'voided', 'expired')
                then 'item of a cancelled order'
            when orders.status in ('pending', 'unpaid', 'authorized', 'partially paid')
                then 'item of a pending order'
            when orders.status = 'test' then 'item of a test order'
            when orders.status not in ('paid', 'refunded', 'partially refunded', 'completed')
                then 'item, rejected: unknown status of its order'
            when orders.email is null then 'item sold, customer unknown'
            else 'item sold, customer known by e-mail'
        end as fate
    from filled
    left join orders
        on filled.order_number is not distinct from orders.order_number
)

select
    fate,
    count(*) as rows
from fates
group by fate
order by rows desc, fate
