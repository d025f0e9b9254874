-- what becomes of every input row: the first case that fits
with filled as (
    select
        * exclude (order_number, email, buyer),
        last_value(order_number ignore nulls) over (order by input_row) as order_number,
        case when email like '%_@_%' then lower(email) end as email,
        case
            when not regexp_full_match(lower(buyer), '[-?#.]+|#?n/?a|nan|null|none|\\n|guest|无|匿名.*')
                then lower(buyer)
        end as buyer,
        coalesce(item_name, item_sku, cast(item_price as varchar)) is not null as is_item
    from input
),

orders as (
    select
        order_number,
        min(input_row) as first_row,
        bool_or(is_item) as has_items,
        coalesce(arg_min(email, input_row), arg_min(buyer, input_row)) is not null as is_known,
        arg_min(lower(replace(status, '_', ' ')), input_row) as status,
        arg_min(cancelled_at, input_row) as cancelled_at
    from filled
    group by order_number
),

rows_of_orders as (
    select
        filled.*,
        orders.is_known,
        case
            when orders.cancelled_at is not null then 'cancelled'
            when orders.status in ('cancelled', 'canceled', 'voided', 'expired') then 'cancelled'
            when orders.status in ('pending', 'unpaid', 'authorized', 'partially paid') then 'pending'
            when
                orders.status in ('paid', 'refunded', 'partially refunded', 'complete', 'completed')
                then 'completed'
            else coalesce(orders.status, 'completed')
        end as status_of_order,
        case
            when is_item then 'item'
            when not orders.has_items and filled.input_row = orders.first_row
                then 'order without items'
        end as what
    from filled
    inner join orders
        on filled.order_number is not distinct from orders.order_number
),

statuses as (
    select
        case
            when order_number is null then 'row without an order, rejected: missing key'
            when what is null then 'row without an item'
            when is_item and (item_quantity is null or item_price is null)
                then 'item, rejected: missing amount'
            when item_quantity < 0 then 'item, rejected: negative quantity'
            when item_price < 0 then 'item, rejected: negative amount'
            when status_of_order in ('cancelled', 'pending', 'test')
                then what || ' (' || status_of_order || ')'
            when status_of_order <> 'completed'
                then what || ' of a status that the build judges'
            when is_known then what || ' sold, customer known'
            else what || ' sold, customer unknown'
        end as status
    from rows_of_orders
)

select
    status,
    count(*) as rows
from statuses
group by status
order by rows desc, status
