-- Fails if an order is negative.
select order_id from {{ ref('stg_erp__orders') }} where order_amount < 0
