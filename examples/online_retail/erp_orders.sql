-- one row per invoice that is no cancellation and has a line that can be used: stock adjustments have
-- none; an `A` invoice adjusts bad debt and is no sale
select
    invoice_no as order_id,
    cast(min(customer_id) as varchar) as customer_code,
    min(invoice_date) as ordered_at,
    case when invoice_no like 'A%' then 'cancelled' else 'completed' end as status
from input
where invoice_no not like 'C%'
group by invoice_no
having count(case when quantity >= 0 and unit_price >= 0 then 1 end) > 0
order by invoice_no
