-- one row per product: its SKU, or its name if it has none; the last name written is kept
select
    coalesce(item_sku, item_name) as product_code,
    arg_max(item_name, input_row) as product_name
from input
where coalesce(item_sku, item_name) is not null
group by coalesce(item_sku, item_name)
order by product_code
