-- one row per transaction line; quantity 1, because sales_value is the value of the whole line
select
    basket_id || '-' || row_number() over (
        partition by basket_id
        order by product_id, sales_value, transaction_timestamp
    ) as order_line_id,
    basket_id as order_id,
    product_id as product_code,
    1 as quantity,
    sales_value as unit_price
from transactions
order by basket_id, order_line_id
