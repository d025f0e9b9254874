-- what becomes of every input line: the first case that fits
with lines as (
    select
        * exclude (customer_id),
        -- one line of an invoice that names the customer is enough
        min(customer_id) over (partition by invoice_no) as customer_id
    from input
),

statuses as (
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
        end as status
    from lines
)

select
    status,
    count(*) as rows
from statuses
group by status
order by rows desc, status
