-- one row per cancelled line; the file does not say which invoice it belongs to
select
    invoice_no || '-' || row_number() over (
        partition by invoice_no
        order by stock_code, description, quantity, unit_price, invoice_date
    ) as refund_id,
    cast(null as varchar) as order_id,
    cast(min(customer_id) over (partition by invoice_no) as varchar) as customer_code,
    invoice_date as refunded_at,
    -quantity * unit_price as amount,
    description as reason
from input
where invoice_no like 'C%'
order by invoice_no, refund_id
