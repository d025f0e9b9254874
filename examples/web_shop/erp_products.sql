-- one row per product: its SKU, or its name if it has none; named as in its latest order
with filled as (
    select
        * exclude (order_number),
        last_value(order_number ignore nulls) over (order by input_row) as order_number,
        coalesce(
            try_strptime(created_at, '%b %d, %Y %I:%M:%S %p') at time zone 'UTC',
            try_cast(regexp_replace(created_at, ' ([+-]\d{2}):?(\d{2})$', '\1:\2') as timestamptz)
        ) as ordered_at
    from input
),

dated as (
    select
        coalesce(item_sku, item_name) as product_code,
        item_name,
        input_row,
        arg_min(ordered_at, input_row) over (partition by order_number) as ordered_at
    from filled
)

select
    product_code,
    arg_max(item_name, (ordered_at is not null, ordered_at, input_row)) as product_name
from dated
where product_code is not null
group by product_code
order by product_code
