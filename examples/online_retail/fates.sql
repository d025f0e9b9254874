-- what becomes of every input line: the first case that fits
with fates as (
    select
        case
            when invoice_no like 'C%' and customer_id is not null then 'refund, customer known'
            when invoice_no like 'C%' then 'refund, guest'
            when unit_price < 0 then 'bad debt, rejected: negative amount'
            when invoice_no like 'A%' then 'bad debt, order that never counts'
            when quantity < 0 then 'stock adjustment, rejected: negative quantity'
            when unit_price = 0 and customer_id is not null then 'zero-price line, customer known'
            when unit_price = 0 then 'zero-price line, guest'
            when customer_id is not null then 'sale line, customer known'
            else 'sale line, guest'
        end as fate
    from input
)

select
    fate,
    count(*) as rows
from fates
group by fate
order by rows desc, fate
