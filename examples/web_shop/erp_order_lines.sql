-- one row per item, and one per order of items for what its total holds besides; they sum to it
with filled as (
    select
        * exclude (order_number),
        last_value(order_number ignore nulls) over (order by input_row) as order_number,
        -- an item below zero is rejected by the build, so it takes no part in the sum
        case
            when item_quantity > 0 and item_price > 0
                then cast(item_quantity * item_price as decimal(18, 4))
            else 0
        end as item_amount
    from input
),

orders as (
    select
        order_number,
        sum(item_amount) as items_amount,
        count(coalesce(item_name, item_sku, cast(item_price as varchar))) as item_count,
        -- some shops write a discount below zero
        coalesce(abs(arg_min(discount_amount, input_row)), 0) as written_discount,
        arg_min(total, input_row) as total
    from filled
    group by order_number
),

balanced as (
    select
        order_number,
        items_amount,
        item_count,
        coalesce(total, items_amount - written_discount) as total,
        -- the discount as written, at most the items, at least what the total demands
        greatest(
            least(written_discount, items_amount), items_amount - coalesce(total, items_amount)
        ) as discount
    from orders
),

items as (
    select
        *,
        row_number() over (partition by order_number order by input_row) as line_number,
        sum(item_amount) over (partition by order_number order by input_row) as running_amount
    from filled
    where item_name is not null or item_sku is not null or item_price is not null
),

discounted as (
    select
        items.*,
        -- the discount up to and with this item, so that the differences sum to the whole of it
        cast(
            round(
                cast(balanced.discount as double)
                * coalesce(items.running_amount / nullif(balanced.items_amount, 0), 0),
                4
            ) as decimal(18, 4)
        ) as running_discount
    from items
    inner join balanced
        on items.order_number is not distinct from balanced.order_number
)

select
    order_number || '-' || line_number as order_line_id,
    order_number as order_id,
    coalesce(item_sku, item_name) as product_code,
    item_quantity as quantity,
    item_price as unit_price,
    running_discount - lag(running_discount, 1, 0) over (
        partition by order_number
        order by line_number
    ) as discount_amount
from discounted
union all
select
    order_number || '-charges' as order_line_id,
    order_number as order_id,
    cast(null as varchar) as product_code,
    1 as quantity,
    total - items_amount + discount as unit_price,
    0 as discount_amount
from balanced
where item_count > 0 and total - items_amount + discount > 0
order by order_id, order_line_id
