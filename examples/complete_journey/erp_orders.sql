-- one row per basket
select
    basket_id as order_id,
    min(household_id) as customer_code,
    min(transaction_timestamp) as ordered_at,
    'store ' || min(store_id) as channel
from transactions
group by basket_id
order by basket_id
