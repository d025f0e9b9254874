-- one row per input line that is no cancellation; equal lines of an invoice are all kept
select
    invoice_no || '-' || row_number() over (
        partition by invoice_no
        order by stock_code, description, quantity, unit_price, invoice_date
    ) as order_line_id,
    invoice_no as order_id,
    upper(stock_code) as product_code,
    quantity,
    unit_price
from input
where invoice_no not like 'C%'
order by invoice_no, order_line_id
